#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The demonstration, run in the guest by busybox sh. The launcher makes the table of what is said
# here and of what the host counted.
echo "busybox sh runs in the guest. Debian's own arm64 busybox says that it is:"
/demo/date || exit 1
echo "Each probe asks for the time, by its C library first, then by the system call:"
for build in musl-static musl-dynamic glibc-static glibc-dynamic threads \
    arm-musl-static arm-glibc-static; do
    echo "  probe-$build"
    /bin/probe-$build library 200000 || exit 1
    /bin/probe-$build system 20000 || exit 1
done

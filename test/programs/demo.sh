#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The demonstration, run in the guest by busybox sh. The launcher makes the table of what is said
# here and of what the host counted. demo.sh PROBE...
echo "busybox sh runs in the guest. Debian's own arm64 busybox says that it is:"
/demo/date || exit 1
echo "Each probe asks for the time, by its C library first, then by the system call:"
for probe in "$@"; do
    echo "  $probe"
    "/bin/$probe" library 200000 || exit 1
    "/bin/$probe" system 20000 || exit 1
done

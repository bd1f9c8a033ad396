#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# golden_test.sh VDSOKIT IMAGE GOLDEN: `vdsokit show IMAGE` is what GOLDEN holds, so that a change of
# the image is seen in review.
set -u
vdsokit=$1 image=$2 golden=$3

shown=$("$vdsokit" show "$image") || exit 1
if ! diff -u "$golden" <(printf '%s\n' "$shown"); then
    printf '\nIf the change of the image is meant, commit the new description:\n  %s show %s > %s\n' \
        "$vdsokit" "$image" "$golden"
    exit 1
fi

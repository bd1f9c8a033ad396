#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Explores a model. Usage: check.sh MODEL.pml holds|fails [DEFINE...]; exit 0 if it does as said, 77
# if there is no spin to explore with. Needs spin and a C compiler; 2 GB of memory at most.
set -eu
model=$1
expected=$2
shift 2
if ! command -v spin >/dev/null 2>&1; then
    echo "skipped: spin is not installed (Debian package spin)"
    exit 77
fi
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

defines=""
search=""      # by default: failed assertions, and processes that are stuck
compile="-DSAFETY -DCOLLAPSE"
for define in "$@"; do
    defines="$defines -D$define"
    if [ "$define" = FIND_CYCLES ]; then
        compile="-DNP -DNOREDUCE"
        search="-l"
    fi
done
# shellcheck disable=SC2086
spin -a $defines "$here/$model" >spin.log 2>&1 || { cat spin.log; exit 1; }
# shellcheck disable=SC2086
cc -O1 -w -DMEMLIM=2048 -DVECTORSZ=2048 $compile -o pan pan.c
# shellcheck disable=SC2086
./pan $search -m200000 -n >pan.log 2>&1 || true

grep -E 'errors:|states, stored|assertion violated|invalid end|non-progress|out of memory|too small' pan.log || true
if grep -q 'out of memory\|max search depth too small\|Search not completed' pan.log &&
   ! grep -q 'errors: [1-9]' pan.log; then
    echo "the exploration is not complete"
    exit 1
fi
case $expected in
holds) grep -q 'errors: 0' pan.log ;;
fails) grep -q 'errors: [1-9]' pan.log && grep -Eq 'assertion violated|non-progress' pan.log ;;
*) echo "holds or fails?"; exit 2 ;;
esac

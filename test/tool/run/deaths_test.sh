#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Whoever dies at a bad moment: the programs run on, and nobody hangs. deaths_test.sh VDSOKIT
set -u
vdsokit=$1
here=$(realpath "$(dirname "$0")")
. "$here/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR=$work
if ! "$vdsokit" run true 2>"$work/err" && grep -q seccomp "$work/err"; then
    echo "skipped: $(cat "$work/err")"
    exit 77
fi
gcc -O2 -static "$here/year.c" -o "$work/year"
year=2031
run() { timeout 60 "$vdsokit" run --realtime "$year-06-15T12:00:00Z" "$@"; }
head=". '$here/supervisors.sh'; year=$work/year; victim() { tree_processes \$\$ \$1; }"
# The sleeps are for the one that takes over.
check "the supervisor is killed: execs go on" "$year $year" "$(run bash -c "$head
    \$year; kill -9 \$(victim vdsokit-super); sleep 0.3; \$year" 2>/dev/null | xargs)"
check "the guardian is killed: execs go on" "$year $year" "$(run bash -c "$head
    \$year; kill -9 \$(victim vdsokit-guard); sleep 0.3; \$year" 2>/dev/null | xargs)"
check "one after the other, six times" "$year 1 1" "$(run bash -c "$head
    for name in super guard super guard guard super; do
        kill -9 \$(victim vdsokit-\$name); sleep 0.3
    done
    \$year; victim vdsokit-super | wc -l; victim vdsokit-guard | wc -l" 2>/dev/null | xargs)"
check "killed again and again among four hundred execs: each of them comes to its end" 400 \
    "$(run bash -c "$head
    (for i in \$(seq 8); do sleep 0.1; kill -9 \$(victim vdsokit-super); done) &
    for i in \$(seq 400); do \$year; done | grep -c ." 2>/dev/null)"
check "what set has changed survives the supervisor" 2042 "$(run bash -c "$head
    '$vdsokit' set \$\$ --realtime 2042-06-15T12:00:00Z
    kill -9 \$(victim vdsokit-super); sleep 0.3; \$year" 2>/dev/null)"
check "and set works after it" 2043 "$(run bash -c "$head
    kill -9 \$(victim vdsokit-super); sleep 0.3
    '$vdsokit' set \$\$ --realtime 2043-06-15T12:00:00Z; \$year" 2>/dev/null)"

# Programs that die as they are executed: a thousand microseconds apart, so that some hit each stage.
check "programs killed in the middle of their exec: no hang, and the next one has our clock" \
    "$year 0" "$(run bash -c '
    year=$0
    for i in $(seq 60); do
        "$year" >/dev/null & victim=$!
        kill -9 $victim 2>/dev/null
        sh -c "exec \"$year\"" >/dev/null & victim=$!
        sleep 0.00$((i % 7)); kill -9 $victim 2>/dev/null
    done 2>/dev/null
    wait 2>/dev/null
    "$year"; jobs -p | wc -l' "$work/year" 2>/dev/null | xargs)"
check "programs stopped and continued in the middle of their exec" "40 $year" "$(run bash -c '
    year=$0
    for i in $(seq 40); do
        "$year" & victim=$!
        kill -STOP $victim 2>/dev/null; kill -CONT $victim 2>/dev/null
    done >"$0.out" 2>/dev/null
    wait
    grep -c "^2031$" "$0.out"; "$year"' "$work/year" 2>/dev/null | xargs)"
check_result

#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A thousand execs in a row and two hundred processes at once: none is missed, and nothing is left
# behind: no descriptor, process, map or socket. many_test.sh VDSOKIT
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
cat >"$work/tree" <<'END'
. "$2/supervisors.sh"
year=$1
count_files() { for pid in $pids; do ls "/proc/$pid/fd" | wc -l; wc -l <"/proc/$pid/maps"; done | xargs; }
pids=$(tree_processes $$ vdsokit-super; tree_processes $$ vdsokit-guard)
# As much at once as later: what the supervisor's heap needs for that is not left behind.
for i in $(seq 200); do "$year" & done >/dev/null
wait
before=$(count_files)
mine=$(ls /proc/$$/fd | wc -l)
for i in $(seq 1000); do "$year"; done | grep -c '^2031$'
for i in $(seq 200); do "$year" & done >"$0.out"
wait
grep -c '^2031$' "$0.out"
for i in $(seq 50); do /nonexistent/program; done 2>/dev/null
sleep 0.2
[ "$before" = "$(count_files)" ] && echo same || echo "supervisor: $before, then $(count_files)"
[ "$mine" = "$(ls /proc/$$/fd | wc -l)" ] && echo same || echo more
grep TracerPid /proc/$$/status | tr -d '\t'
echo $pids >"$0.pids"
END
check "a thousand in a row, two hundred at once, nothing left behind" \
    "1000 200 same same TracerPid:0" \
    "$(timeout 250 "$vdsokit" run --realtime 2031-06-15T12:00:00Z -- bash "$work/tree" "$work/year" \
        "$here" \
        2>&1 | xargs)"
check "there were two processes of ours" 2 "$(wc -w <"$work/tree.pids")"
# One that has ended may still have to be reaped by process 1 (state Z).
running() { cat $(sed -E 's|([0-9]+)|/proc/\1/stat|g' "$work/tree.pids") 2>/dev/null | grep -vE '\) [ZX] '; }
for _ in $(seq 50); do
    [ -n "$(running)" ] || break
    sleep 0.1
done
check "and they ended with the tree" "" "$(running)"
check "no socket is left behind" 0 "$(ls "$work/vdsokit" 2>/dev/null | wc -l)"
check_result

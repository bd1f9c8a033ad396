#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# --clock-source tsc: where the counter may not stand for the clocks it is refused with the reason;
# where it may, the clocks run from it and are the kernel's. counter_test.sh VDSOKIT
set -u
vdsokit=$1
here=$(realpath "$(dirname "$0")")
. "$here/check.sh"
. "$here/supervisors.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR=$work
if ! "$vdsokit" run true 2>"$work/err" && grep -q seccomp "$work/err"; then
    echo "skipped: $(cat "$work/err")"
    exit 77
fi
status_of() { "$@" >"$work/out" 2>"$work/err"; echo $?; }
check "another source is refused" 2 "$(status_of "$vdsokit" run --clock-source sundial true)"

# The reason, with a kernel that says otherwise: a file system of our own over sysfs.
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    folder=/sys/devices/system/clocksource/clocksource0
    echo hpet >"$work/current"
    check "where the kernel keeps time with something else, it is refused" \
        "125 vdsokit: --clock-source tsc: the kernel keeps time with hpet, not with tsc" \
        "$(unshare -m sh -c 'mount --bind "$0" "$1/current_clocksource"
            "$2" run --clock-source tsc true; echo $?' "$work/current" $folder "$vdsokit" 2>&1 |
            tac | xargs)"
fi
if [ "$(status_of "$vdsokit" run --clock-source tsc true)" = 125 ]; then
    check "refused with a reason" 1 "$(grep -c '^vdsokit: --clock-source tsc: ' "$work/err")"
    check_result
    exit
fi
gcc -O2 "$here/clocks_agree.c" -o "$work/clocks_agree"
good="counter: true; no clock goes back; each is the kernel's"
check "each clock runs from the counter, and is the kernel's" "$good" \
    "$(timeout 60 "$vdsokit" run --clock-source tsc -- "$work/clocks_agree" 0 2>&1)"
check "and with an offset" "$good" \
    "$(timeout 60 "$vdsokit" run --clock-source tsc --offset -1000d -- "$work/clocks_agree" -86400000 2>&1)"
check "and before 1970" 1950 "$(timeout 60 "$vdsokit" run --clock-source tsc \
    --realtime 1950-06-15T12:00:00Z -- sh -c 'sleep 0.2; date -u +%Y' 2>&1)"
check "set changes it while it runs" "$good" "$(timeout 60 "$vdsokit" run --clock-source tsc \
    --offset 5y -- sh -c '"$0" set $$ --offset 1000s; exec "$1" 1000' "$vdsokit" \
    "$work/clocks_agree" 2>&1)"
# The program looks at its clocks all the while: chained, and from the counter again.
"$vdsokit" run --clock-source tsc --offset 1000s -- "$work/clocks_agree" 1000 >"$work/out" 2>&1 &
program=$!
sleep 0.5
supervisor=$(tree_processes $program vdsokit-super)
check "there is one supervisor to be killed" 1 "$(echo "$supervisor" | wc -w)"
kill -9 $supervisor
wait $program
check "and nothing of that changes when the supervisor is killed" "$good" "$(cat "$work/out")"
check_result

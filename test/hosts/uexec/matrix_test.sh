#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# One libc of one CPU under vdsokit-uexec: it tells the right time, shifted as asked, in every way
# there is to ask, without a clock system call, and the exit status is the program's. Another CPU's
# programs run under qemu-user. Status 77: what is needed cannot be had here.
#
#   matrix_test.sh BUILD CPU LIBC
set -u
build=$1 cpu=$2 libc=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$here/../../.." && pwd)
. "$tree/test/tool/run/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
skip() { echo "skipped: $*"; exit 77; }

publish=counter
slack=0.01  # seconds; the readings before and after enclose the program's
case $cpu in
aarch64) gnu=aarch64-linux-gnu go=arm64 ;;
# qemu-user gives AArch32 no counter: the page holds the time, and a busy machine sets it late.
arm) gnu=arm-linux-gnueabihf go=arm publish=held slack=3 ;;
riscv64) gnu=riscv64-linux-gnu go=riscv64 ;;
x86_64) gnu=x86_64-linux-gnu go=amd64 ;;
esac
emulator=()
if [[ $cpu != "$(uname -m)" ]]; then
    command -v "qemu-$cpu" >/dev/null || skip "qemu-$cpu is not installed"
    emulator=("qemu-$cpu")
fi
uexec=$build/hosts/uexec/$cpu/vdsokit-uexec
image=$build/images/$cpu/vdso.so
sysroot=$tree/build/sysroot/$cpu
libraries=''  # where a dynamic program's interpreter is
program=("$work/told" 7)

compile() { "$@" -O2 "$here/told.c" -o "$work/told" || exit 1; }
compile_musl() {
    if [[ ${#emulator[@]} == 0 ]]; then
        compile musl-gcc "$@"
        return
    fi
    "$tree/scripts/sysroot" "$sysroot" 2>"$work/err" || skip "$(tail -n 1 "$work/err")"
    compile "$gnu-gcc" "-specs=$sysroot/musl-gcc.specs" "$@"
    libraries=$sysroot
}
case $libc in
glibc-static) compile "$gnu-gcc" -static ;;
glibc-static-pie) compile "$gnu-gcc" -static-pie ;;
glibc-dynamic)
    compile "$gnu-gcc"
    if [[ ${#emulator[@]} != 0 ]]; then libraries=/usr/$gnu; fi
    ;;
musl-static) compile_musl -static ;;
musl-dynamic) compile_musl ;;
go)
    command -v go >/dev/null || skip "go is not installed"
    GOOS=linux GOARCH=$go CGO_ENABLED=0 GOCACHE=$build/test/go-cache GOPATH=$work/go \
        GOFLAGS=-mod=mod go build -o "$work/told" "$here/told.go" || exit 1
    ;;
threads)  # the demonstration's probe, with four of them
    "$gnu-gcc" -static -O2 -pthread -DPROBE_LIBC='"glibc"' -DPROBE_LINKAGE='"static"' \
        -DPROBE_THREADS=4 "$tree/test/programs/probe.c" -o "$work/probe" || exit 1
    program=("$work/probe" library 1000)
    ;;
busybox)  # as Debian ships it: static, with glibc
    if [[ ${#emulator[@]} == 0 ]]; then
        busybox=$(command -v busybox) || skip "busybox is not installed"
    else
        "$tree/scripts/sysroot" "$sysroot" 2>"$work/err" || skip "$(tail -n 1 "$work/err")"
        busybox=$(find "$sysroot" -path '*/bin/busybox' | head -n 1)
    fi
    program=("$busybox" date '+time %s')
    ;;
esac
status=7
case $libc in busybox | threads) status=0 ;; esac

# Runs it; what it prints is in $work/out, its trace in $work/trace.
offset=157680000  # five years
start() { # publish
    "${emulator[@]}" ${emulator:+-strace -D "$work/trace"} ${libraries:+-L "$libraries"} \
        "${traced[@]}" "$uexec" --vdso "$image" --publish "$1" ${2:+--offset "$2"} -- \
        "${program[@]}" >"$work/out" 2>"$work/err"
}
# How many clock system calls the program made. uexec's own end with its last call, which names the
# process after the program. qemu prints the number of the process, and the keeper, which has no
# vDSO there, is another; strace prints the thread's, and the keeper makes no such calls.
clock_calls() {
    awk -v threads="${#traced[@]}" 'NR == 1 { program = $1 }
        $1 == program && /prctl\((15|PR_SET_NAME),/ { started = 1 }
        started && ($1 == program || threads) &&
            / (clock_gettime(64)?|gettimeofday|time)\(/ { ++calls }
        END { print calls + 0 }' "$work/trace"
}
traced=()
if [[ ${#emulator[@]} == 0 ]]; then traced=(strace -f -o "$work/trace"); fi

now() { date +%s.%N; }
uptime_now() { cut -d ' ' -f 1 /proc/uptime; }

# A keeper that loses its CPU while it writes a line makes readers fall back, as they must: on a busy
# machine that may happen in one run, not in five.
for _ in 1 2 3 4 5; do
    wall_before=$(now) boot_before=$(uptime_now)
    start "$publish" "$offset"
    ended=$?
    wall_after=$(now) boot_after=$(uptime_now)
    calls=$(clock_calls)
    [[ $calls != 0 ]] || break
done
check "the exit status is the program's" "$status" "$ended"
check "it made no clock system call" 0 "$calls"
wrong=$(awk -v offset="$offset" -v slack="$slack" \
    -v wall_before="$wall_before" -v wall_after="$wall_after" \
    -v boot_before="$boot_before" -v boot_after="$boot_after" '
    function between(low, value, high) { return low - slack <= value && value <= high + slack }
    {
        right = 0
        # Leap seconds since 1972; a host that was not told of them has 0.
        if ($1 == "tai") right = between(wall_before + offset, $2, wall_after + offset + 37)
        else if ($1 == "time") right = between(wall_before + offset - 1, $2, wall_after + offset)
        else if ($1 ~ /^realtime|^gettimeofday/)
            right = between(wall_before + offset, $2, wall_after + offset)
        else if ($1 == "boottime") right = between(boot_before - 0.01, $2, boot_after + 0.01)
        else if ($1 ~ /^monotonic/) right = $2 > 0 && $2 <= boot_after + slack
        else if ($1 == "probe:") right = /calls=13002 /
        if (!right) print
    }' "$work/out")
check "every answer is right" "" "$wrong"
check "it gave answers" yes "$([[ -s $work/out ]] && echo yes)"

# The same with nothing published: what this test counts can be counted.
start none
check "without a published page the exit status is the same" "$status" "$?"
check "and it makes clock system calls" yes "$([[ $(clock_calls) -gt 0 ]] && echo yes)"
[[ $failed == 0 ]] || cat "$work/err"
check_result

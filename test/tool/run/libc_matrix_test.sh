#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Every libc and runtime of this machine under `vdsokit run`: the wall clock is the one asked for, no
# clock is asked of the kernel (only_vdso kills whoever does), and the exit status is the program's.
#
#   libc_matrix_test.sh VDSOKIT
set -u
vdsokit=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR=$work
. "$here/check.sh"

compile() { # output compiler-and-flags... : from wall_clocks.c
    local output=$1
    shift
    "$@" -O2 "$here/wall_clocks.c" -o "$work/$output"
}
gcc -O2 -Wall -Werror "$here/only_vdso.c" -o "$work/only_vdso" || exit 1

if ! "$vdsokit" run "$work/only_vdso" /bin/true 2>"$work/err"; then
    if grep -q seccomp "$work/err"; then
        echo "skipped: $(cat "$work/err")"
        exit 77
    fi
fi

year=2031
shifted() { timeout 120 "$vdsokit" run --realtime "$year-06-15T12:00:00Z" -- "$work/only_vdso" "$@"; }
# What a program printed, and its status behind it.
outcome() {
    local output status
    output=$("$@" 2>"$work/err")
    status=$?
    echo "${output//$'\n'/ } = $status"
}
all_years="$year $year $year $year $year monotonic"

compile glibc-dynamic gcc
compile glibc-static gcc -static
compile glibc-static-pie gcc -static-pie
compile musl-dynamic musl-gcc
compile musl-static musl-gcc -static
for program in glibc-dynamic glibc-static glibc-static-pie musl-dynamic musl-static; do
    check "$program: every way to ask tells the year asked for" "$all_years = 7" \
        "$(outcome shifted "$work/$program" 7)"
done

# The check itself can fail: 159 is 128 + SIGSYS.
check "a program that asks the kernel is killed for it" " = 159" \
    "$(outcome shifted "$work/glibc-dynamic" raw)"

if command -v go >/dev/null; then
    GOCACHE=$work/go-cache GOPATH=$work/go GOFLAGS=-mod=mod CGO_ENABLED=0 \
        go build -o "$work/go-static" "$here/wall_clocks.go"
    check "Go, static: threads tell the year asked for" "$year $year $year $year monotonic = 5" \
        "$(outcome shifted "$work/go-static")"
fi

check "python3" "$year $year = 3" "$(outcome shifted /usr/bin/python3 -c '
import datetime, sys, time
print(time.gmtime(time.time()).tm_year, datetime.datetime.utcnow().year)
time.monotonic()
sys.exit(3)')"
check "perl" "$year = 4" "$(outcome shifted perl -MTime::HiRes=time -e 'print((gmtime(time))[5] + 1900); exit 4')"
check "bash with pipes, children, a subshell that execs and its own clock" \
    "$year $year $year = 6" "$(outcome shifted bash -c '
    printf "%(%Y)T\n" -1; date -u +%Y | cat | sed s/x/y/; (exec date -u +%Y); exit 6')"
if command -v busybox >/dev/null; then
    check "busybox, static: its shell and its applets" "$year $year = 8" \
        "$(outcome shifted busybox sh -c 'busybox date -u +%Y; busybox date -u +%Y | busybox cat; exit 8')"
fi
if command -v java >/dev/null; then
    # The virtual machine stamps its own log with the wall clock: no program has to be compiled.
    check "java: stamps, with its collector's and compiler's threads" "$year = 0" \
        "$(outcome shifted bash -c 'set -o pipefail
            java -Xlog:os=info:stdout:utctime -version 2>/dev/null |
                awk "NR == 1 { print substr(\$0, 2, 4) }"')"
fi

check_result

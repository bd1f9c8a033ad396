#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Each way in which a program comes to run, on our vDSO; and each reason for which one does not, with
# the line that says so. exec_kinds_test.sh VDSOKIT
set -u
vdsokit=$1
here=$(dirname "$0")
. "$here/check.sh"
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR=$work
if ! "$vdsokit" run true 2>"$work/err" && grep -q seccomp "$work/err"; then
    echo "skipped: $(cat "$work/err")"
    exit 77
fi

year=2031
run() { timeout 60 "$vdsokit" run --realtime "$year-06-15T12:00:00Z" "$@"; }
kinds=$work/kinds
gcc -O2 -pthread "$here/exec_kinds.c" -o "$kinds"
# Static and without a file of its own to open: what a sandbox can run.
gcc -O2 -static "$here/year.c" -o "$work/year"
chmod 755 "$work/year" "$kinds"

for way in thread vfork spawn descriptor fails leased blocked; do
    check "exec: $way" "$year" "$(run "$kinds" "$way" "$work/year" 2>&1)"
done
for way in no-open full; do
    check "exec: $way" "$year" "$(run -- "$kinds" "$way" "$work/year" 2>&1)"
done
check "a PATH with many folders before the right one" "$year" "$(run env \
    PATH=/a:/b:/c:/d:/e:/f:/g:/h:/usr/local/none:/usr/bin:/bin bash -c 'exec date -u +%Y' 2>&1)"
check "a script whose interpreter is a script" "$year" "$(
    printf '#!/bin/sh\nexec date -u +%%Y\n' >"$work/inner"
    printf '#!%s\n' "$work/inner" >"$work/outer"
    chmod +x "$work/inner" "$work/outer"
    run "$work/outer" 2>&1)"
check "a script without a #! line, by the shell that tries it" "$year" "$(
    echo 'date -u +%Y' >"$work/bare"
    chmod +x "$work/bare"
    run sh -c "$work/bare" 2>&1)"
check "trees: a shell in a shell in a shell, with pipes" "$year $year $year" "$(run sh -c '
    sh -c "sh -c \"date -u +%Y\" | cat; date -u +%Y" | cat; date -u +%Y' 2>&1 | xargs)"
check "it cannot be executed: the shell says so, and lives" "126 $year" "$(run bash -c \
    '"$0" 2>/dev/null; echo $?; date -u +%Y' /etc/passwd 2>&1 | xargs)"

# What /proc/self/auxv and PR_GET_AUXV say, and the loader itself.
check "LD_SHOW_AUXV shows our image" 1 "$(run env LD_SHOW_AUXV=1 sh -c '
    grep -c . /dev/null; cat /proc/self/maps' 2>&1 | awk '
    /^AT_SYSINFO_EHDR/ { base = substr($2, 3) }
    index($0, base "-") == 1 && /memfd:vdsokit-vdso/ { found = 1 }
    END { print found + 0 }' base=none)"
gcc -O2 "$here/auxv_readers.c" -o "$work/auxv_readers"
check "stack, /proc/self/auxv and PR_GET_AUXV agree, and nothing else has changed" \
    "all agree; brk works; argv and environ are in place" \
    "$(run "$work/auxv_readers" one two 2>&1)"

# Other ids, other roots, other times. They need root.
if [ "$(id -u)" = 0 ]; then
    check "a user who is not root, all privileges dropped" "$year" "$(run setpriv --reuid 65534 \
        --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$work/year" 2>&1)"
    mkdir -p "$work/root"
    cp "$work/year" "$work/root/year"
    check "chroot, with nothing there but the program" "$year" \
        "$(run chroot "$work/root" /year 2>&1)"
    cp "$(command -v id)" "$work/suid-id"
    chmod 4755 "$work/suid-id"
    check "a set-user-id program keeps its privilege where we started as root" 0 "$(run setpriv \
        --reuid 65534 --regid 65534 --clear-groups "$work/suid-id" -u 2>&1)"
    mkdir "$work/tool"
    cp "$vdsokit" "$(dirname "$vdsokit")/vdsokit-run" "$work/tool/"
    chmod -R a+rX "$work"
    as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups env -u XDG_RUNTIME_DIR "$@"; }
    check "vdsokit run by a user who is not root" "$year" "$(as_nobody timeout 60 "$work/tool/vdsokit" \
        run --realtime "$year-06-15T12:00:00Z" -- "$work/year" 2>&1)"
    check "a set-user-id program then gains nothing: 65534, with NO_NEW_PRIVS" "65534 1" \
        "$(as_nobody timeout 60 "$work/tool/vdsokit" run sh -c \
        '"$0" -u; sed -n "s/NoNewPrivs:.//p" /proc/self/status' "$work/suid-id" 2>&1 | xargs)"
    monotonic='import time; print(int(time.clock_gettime(time.CLOCK_MONOTONIC)) > 5000000,
        time.gmtime().tm_year)'
    if unshare -T --fork --monotonic 10000000 true 2>/dev/null; then
        for source in kernel tsc; do
            "$vdsokit" run --clock-source $source true 2>/dev/null || continue
            check "unshare -T with --clock-source $source: its own monotonic clock" "True $year" \
                "$(run --clock-source $source -- unshare -T --fork --monotonic 10000000 \
                python3 -c "$monotonic" 2>&1)"
        done
    fi
    check "in another pid namespace" "$year" \
        "$(run unshare --pid --fork --mount-proc "$work/year" 2>&1)"
fi

# Who does not get it, and the one line that says why.
reason() { sed -n 's/^vdsokit: pid [0-9]*: //p' | sed "s|$work/||"; }
check "a program that may not map: it runs on, and the line says why" \
    "kinds: no-mmap" "$(run "$kinds" no-mmap "$work/year" >"$work/out" 2>"$work/err"
    reason <"$work/err" | grep -c 'year runs without our vDSO: it may not map the image: Permission' |
        sed 's/^1$/kinds: no-mmap/')"
check "and sees the kernel's clock" "$(date -u +%Y)" "$(cat "$work/out")"
if command -v strace >/dev/null; then
    check "held by a debugger" "/bin/true runs without our vDSO: held by a debugger" \
        "$(run strace -f -o /dev/null /bin/true 2>&1 | reason)"
    check "a debugger sees the program, and its status is the program's" 7 \
        "$(run strace -o /dev/null sh -c 'exit 7' 2>/dev/null; echo $?)"
fi
if command -v gdb >/dev/null; then
    check "gdb runs a program inside" "[Inferior 1 (process N) exited normally]" "$(run gdb \
        -nx -batch -ex 'set startup-with-shell off' -ex run --args "$work/year" 2>/dev/null |
        grep Inferior | sed 's/process [0-9]*/process N/')"
fi
check "vdsokit run inside: it runs on the outer one's clock" "$year" \
    "$(run "$vdsokit" run --offset 5y -- date -u +%Y 2>"$work/err")"
check "with one line" "another listener in place" \
    "$(reason <"$work/err" | sed -n 's|.*/date runs without our vDSO: ||p')"
if [ "$(uname -m)" = x86_64 ]; then
    printf '%s\n' '.globl _start' '_start: mov $1, %eax' 'mov $42, %ebx' 'int $0x80' >"$work/32.s"
    as --32 "$work/32.s" -o "$work/32.o" && ld -m elf_i386 "$work/32.o" -o "$work/32"
    if "$work/32" 2>/dev/null; [ $? = 42 ]; then
        check "a 32-bit program runs" 42 "$(run "$work/32" 2>"$work/err"; echo $?)"
        check "with one line" "32 runs without our vDSO: other architecture" \
            "$(reason <"$work/err")"
        # execve of the 32-bit convention, of a 64-bit program.
        printf '%s\n' '.globl _start' '_start: mov $11, %eax' 'mov $path, %ebx' \
            'mov $argv, %ecx' 'xor %edx, %edx' 'int $0x80' '.data' "path: .asciz \"$work/year\"" \
            'argv: .long path, 0' >"$work/32e.s"
        as --32 "$work/32e.s" -o "$work/32e.o" && ld -m elf_i386 "$work/32e.o" -o "$work/32e"
        check "a 64-bit program that a 32-bit one executes" "$year" \
            "$(run "$work/32e" 2>/dev/null)"
    fi
    printf '%s\n' '.globl _start' '_start: mov $60, %eax' 'mov $5, %edi' 'syscall' >"$work/bare.s"
    as "$work/bare.s" -o "$work/bare.o" && ld "$work/bare.o" -o "$work/asks-nothing"
    check "a static program that looks no vDSO up runs" 5 \
        "$(run --verbose "$work/asks-nothing" 2>"$work/err"; echo $?)"
    check "and --verbose says that it never asks" \
        "asks-nothing has our vDSO at 0xN; it never asks for one" \
        "$(reason <"$work/err" | sed 's/0x[0-9a-f]*/0xN/')"
fi
check_result

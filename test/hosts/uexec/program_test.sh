#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# vdsokit-uexec from outside: what the program that it loads sees, and what it refuses.
#
#   program_test.sh BUILD CPU           of the machine that runs it
set -u
build=$1 cpu=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../tool/run/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uexec=$build/hosts/uexec/$cpu/vdsokit-uexec
image=$build/images/$cpu/vdso.so
run() { timeout 60 "$uexec" --vdso "$image" -- "$@" 2>"$work/err"; }
with() { timeout 60 "$uexec" --vdso "$image" "$@" 2>"$work/err"; }
status_of() { "$@" >"$work/out" 2>"$work/err"; echo $?; }
said() { cat "$work/err"; }

# What the program sees is what execve would have shown it.
check "arguments, also empty ones and those like options" "-x||a b|--vdso|" \
    "$(run printf '%s|' -x '' 'a b' --vdso)"
check "its own name" "sh" "$(run sh -c 'cat /proc/$$/comm')"
check "its own command line" "sh -c cat /proc/\$\$/cmdline | tr '\\0' ' '" \
    "$(run sh -c "cat /proc/\$\$/cmdline | tr '\\0' ' '" | sed 's/ $//')"
if [[ $(id -u) == 0 ]]; then
    check "its own file, which it may execute again" "/usr/bin/readlink" \
        "$(run /usr/bin/readlink /proc/self/exe)"
    check "Debian's busybox does, for its applets" "$(uname)" \
        "$(run busybox sh -c 'busybox uname; exit 0')"
fi
check "the environment, in order" "A=1 B=two" \
    "$(env -i A=1 B=two "$uexec" --vdso "$image" -- /usr/bin/env | tr '\n' ' ' | sed 's/ $//')"
check "standard input, output and the exit status" "in 5" \
    "$(echo in | run sh -c 'cat | tr "\n" " "; exit 5'; echo $?)"
check "a signal ends it as a signal does" 143 "$(status_of run sh -c 'kill -TERM $$')"
check "no descriptor more than without us" "$(timeout 60 ls /proc/self/fd | wc -l)" \
    "$(run ls /proc/self/fd | wc -l)"
check "no child that it did not make" "127" "$(run bash -c 'wait -n; echo $?')"
check "a script is run by its interpreter, with its arguments" "$work/script:one:two" \
    "$(printf '#!/bin/sh -e\necho "$0:$1:$2"\n' >"$work/script"
       chmod +x "$work/script"
       run "$work/script" one two)"
check "a name is looked for along PATH" found \
    "$(printf '#!/bin/sh\necho found\n' >"$work/in-path"; chmod +x "$work/in-path"
       PATH=$work:$PATH run in-path)"
check "whoever reads its output does not wait for the keeper" "done" \
    "$(timeout 20 bash -c "'$uexec' --vdso '$image' -- echo done | cat")"

auxv='
import struct
for t, v in struct.iter_unpack("QQ", open("/proc/self/auxv", "rb").read()):
    if t in (6, 11, 12, 13, 14, 16, 17, 23, 26, 51): print(t, v)'
# Not a wrapper that executes another.
python=/usr/bin/python3
if [[ -x $python ]]; then
    check "the kernel's own entries of the auxiliary vector" "$("$python" -c "$auxv" | sort)" \
        "$(run "$python" -c "$auxv" | sort)"
    maps='
import re
auxv = open("/proc/self/auxv", "rb").read()
import struct
base = [v for t, v in struct.iter_unpack("QQ", auxv) if t == 33][0]
lines = [l.split() for l in open("/proc/self/maps")]
at = [i for i, l in enumerate(lines) if l[0].startswith("%x-" % base)][0]'
    check "code r-x and the time page r--, and nothing of it writable" "r-xp r--s 2" \
        "$(run "$python" -c "$maps
print(lines[at][1], lines[at + 1][1], len([l for l in lines if 'vdsokit-vdso' in ' '.join(l)]))")"
    check "no page is writable and executable" 0 \
        "$(run "$python" -c "print(len([l for l in open('/proc/self/maps') if 'wx' in l]))")"
    check "the time page cannot be made writable" 13 "$(run "$python" -c "$maps
import ctypes
page = int(lines[at + 1][0].split('-')[0], 16)
libc = ctypes.CDLL(None, use_errno=True)
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
print(libc.mprotect(page, 4096, 3) and ctypes.get_errno())")"
    check "its heap grows by brk" True "$(run "$python" -c '
import ctypes
libc = ctypes.CDLL(None)
libc.sbrk.restype = ctypes.c_void_p
libc.sbrk.argtypes = [ctypes.c_ssize_t]
before = libc.sbrk(1 << 26)
ctypes.memset(before, 1, 1 << 26)
print(libc.sbrk(0) - before >= 1 << 26)')"
fi
cat >"$work/deep.c" <<'END'
#include <stdio.h>
static int deep(int left) {
    volatile char room[65536];
    room[0] = (char)left;
    return left == 0 ? room[0] : deep(left - 1) + room[0];
}
int main(void) { printf("%s\n", deep(100) == -1 ? "no" : "yes"); return 0; }
END
gcc -O0 "$work/deep.c" -o "$work/deep"
check "it has the stack that the limit promises" yes "$(run "$work/deep")"
check "arguments of a megabyte" 1000001 \
    "$(ulimit -s 16384; head -c 1000000 /dev/zero | tr '\0' x | fold -w 100000 |
       sed 's/$/ /' | tr -d '\n' >"$work/long"; run printf %s $(cat "$work/long") x | wc -c)"

# The clocks after it has ended: its children are not left with a page that nobody keeps.
check "a child that outlives the program still tells the right time" "right" "$(
    run bash -c '(sleep 1; printf "%(%s)T" -1 >"$0") & exit 0' "$work/late"
    sleep 2
    now=$(date +%s)
    told=$(cat "$work/late")
    (( told >= now - 3 && told <= now )) && echo right)"
with --verbose -- true
check "--verbose says what was done, and nothing is said without it" "1 0" \
    "$(grep -c 'the vDSO is at 0x[0-9a-f]*; time: ' "$work/err") $(run true; wc -l <"$work/err")"
for publish in counter held none; do
    check "--publish $publish" 0 "$(status_of with --publish "$publish" -- true)"
done

# Refusals: one line each, and a shell's status.
one_line() { # sentence status line arguments...
    local sentence=$1 status=$2 line=$3
    shift 3
    check "$sentence" "$status $line" "$(status_of "$@") $(said)"
}
none=$work/nothing
one_line "--vdso is needed" 125 "vdsokit-uexec: name an image by --vdso FILE; see --help" \
    "$uexec" true
one_line "a program is needed" 125 "vdsokit-uexec: name a PROGRAM; see --help" \
    "$uexec" --vdso "$image"
one_line "an unknown option" 125 "vdsokit-uexec: --bogus: no such option; see --help" \
    "$uexec" --bogus true
one_line "an option without its value" 125 "vdsokit-uexec: --vdso: its value is missing; see --help" \
    "$uexec" --vdso
one_line "an unknown way to publish" 125 \
    "vdsokit-uexec: --publish often: no such way; see --help" with --publish often -- true
one_line "an offset that is no number" 125 \
    "vdsokit-uexec: --offset 1x: no number of seconds; see --help" with --offset 1x -- true
one_line "an offset before 1970" 125 \
    "vdsokit-uexec: --publish counter: with this --offset the wall clock is out of a clock's range" \
    with --publish counter --offset -99999999999 -- true
one_line "an offset that nothing could show" 125 \
    "vdsokit-uexec: --offset: nothing is published: asked for" \
    with --publish none --offset 1 -- true
one_line "no image" 125 "vdsokit-uexec: $none: No such file or directory" \
    "$uexec" --vdso "$none" -- true
one_line "a file that is no image" 125 \
    "vdsokit-uexec: /etc/passwd: refused: elf-magic: \
$("$build/bin/vdsokit" check /etc/passwd 2>&1 | sed -n 's/.*elf-magic: *\(.*\)/\1/p' | head -n 1)" \
    "$uexec" --vdso /etc/passwd -- true
other=$build/images/aarch64/vdso.so
if [[ $cpu != aarch64 && -f $other ]]; then
    one_line "an image for another CPU" 125 "vdsokit-uexec: $other: refused: \
host-machine: the image is code for another machine than this host's (offset 0x12)" \
        "$uexec" --vdso "$other" -- true
fi
one_line "no program" 127 "vdsokit-uexec: $none: No such file or directory" run "$none"
one_line "no program along PATH" 127 "vdsokit-uexec: no-such-program: not found in PATH" \
    run no-such-program
one_line "a folder" 126 "vdsokit-uexec: $work: is a directory" run "$work"
one_line "a file that may not be executed" 126 "vdsokit-uexec: /etc/passwd: Permission denied" \
    run /etc/passwd
echo nothing >"$work/text"
chmod +x "$work/text"
one_line "a file that is no program" 126 "vdsokit-uexec: $work/text: not an ELF file (offset 0x0)" \
    run "$work/text"
printf '#!%s\n' "$none" >"$work/script"
one_line "a script without its interpreter" 127 \
    "vdsokit-uexec: $none: No such file or directory" run "$work/script"
gcc -O0 "$work/deep.c" "-Wl,--dynamic-linker=$none" -o "$work/no-interpreter"
one_line "a program without its interpreter" 126 \
    "vdsokit-uexec: $work/no-interpreter: its interpreter $none: No such file or directory" \
    run "$work/no-interpreter"
check "--help says all options" 6 "$("$uexec" --help | grep -cE '^  --(vdso|publish counter|offset|unchecked|verbose|help)')"
check_result

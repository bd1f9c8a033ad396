#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# new_arch_test.sh SOURCE CXX: scripts/new-arch in a copy of the tree makes every function that
# arch/README.md demands, and nothing of it builds before it is filled in.
set -u
source=$1 cxx=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for part in abi arch cmake scripts vdso; do cp -R "$source/$part" "$work/"; done
mkdir -p "$work/test/vdso/guest" && cp -R "$source"/test/vdso/guest/x86_64 "$work/test/vdso/guest/"
cd "$work" || exit 1
failures=0
complain() { echo "FAILED: $*"; failures=$((failures + 1)); }

scripts/new-arch newcpu 4711 64 >/dev/null || complain "new-arch itself"
functions=$(sed -n '/^What a `cpu.h` owes/,/^What a `system_call.h`/p' arch/README.md |
    grep -oE '^\| .*\|' | cut -d'|' -f2 | grep -oE '[a-z_]+(<[A-Z][a-z]*>)?\(' | grep -oE '^[a-z_]+')
(($(wc -w <<<"$functions") > 12)) || complain "arch/README.md lists no functions"
for function in $functions; do
    grep -qE "\b$function\(" arch/newcpu/cpu.h || complain "cpu.h lacks $function"
done
for file in cpu.h elf_machine.h exports.h system_call.h vdso.cmake versions.map; do
    [[ -s arch/newcpu/$file ]] || complain "arch/newcpu/$file is missing"
done
grep -q 'elf_machine = 4711' arch/newcpu/elf_machine.h || complain "elf_machine.h has another machine"
grep -q newcpu-linux-gnu-g++ cmake/toolchain-newcpu.cmake || complain "no toolchain"
"$cxx" -std=c++20 -fsyntax-only -I. -Iarch/newcpu vdso/read_clock.cc 2>errors &&
    complain "an empty cpu.h compiles"
for function in load_acquire read_counter unchanged; do
    grep -qE "deleted function.*$function" errors || complain "the compiler does not name $function"
done
scripts/new-arch newcpu 4711 64 2>/dev/null && complain "a folder is overwritten"
for words in "" "new-cpu 1 64" "cpu x 64" "cpu 1 16"; do
    # shellcheck disable=SC2086
    scripts/new-arch $words 2>/dev/null
    [[ $? == 2 ]] || complain "new-arch $words"
done
((failures == 0))

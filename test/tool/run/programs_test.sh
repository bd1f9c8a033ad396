#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# `vdsokit run` and `vdsokit set` on programs that nobody here wrote.
#
#   programs_test.sh VDSOKIT
set -u
vdsokit=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR=$work
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
. "$here/check.sh"

status_of() { "$@" >"$work/out" 2>"$work/err"; echo $?; }

if ! "$vdsokit" run /bin/true 2>"$work/err"; then
    if grep -q 'seccomp' "$work/err"; then
        echo "skipped: $(cat "$work/err")"
        exit 77
    fi
fi

year=2031
run() { timeout 60 "$vdsokit" run --realtime "$year-06-15T12:00:00Z" -- "$@"; }

# The wall clock, in programs of several kinds.
check "a dynamic program sees the wall clock asked for" "$year-06-15" "$(run date -u +%F)"
check "children and pipes of a shell see it too" "$year $year" \
    "$(run bash -c 'date -u +%Y | cat | tr "\n" " "; (exec date -u +%Y)')"
check "perl sees it" "$year" "$(run perl -e 'print((gmtime)[5] + 1900)')"
if command -v python3 >/dev/null; then
    check "python sees it, and its monotonic clock is the kernel's" "$year True" "$(run python3 -c '
import time
kernel = float(open("/proc/uptime").read().split()[0])
print(time.gmtime().tm_year, abs(time.clock_gettime(time.CLOCK_BOOTTIME) - kernel) < 5)')"
    check "/proc/self/auxv names the image that is mapped" True "$(run python3 -c '
import struct
base = [v for t, v in struct.iter_unpack("QQ", open("/proc/self/auxv", "rb").read()) if t == 33][0]
lines = [l for l in open("/proc/self/maps") if "memfd:vdsokit-vdso" in l]
print(lines[0].startswith("%x-" % base))')"
    check "no page of ours is writable, the time page is not executable" "r-xp r--s" \
        "$(run python3 -c '
print(*(l.split()[1] for l in open("/proc/self/maps") if "memfd:vdsokit-vdso" in l))')"
    check "the time page cannot be made writable" PermissionError "$(run python3 -c '
import ctypes
at = [l for l in open("/proc/self/maps") if "memfd:vdsokit-vdso" in l and "r--s" in l][0].split("-")[0]
libc = ctypes.CDLL(None, use_errno=True)
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
done = libc.mprotect(int(at, 16), 4096, 3)
print("PermissionError" if done != 0 and ctypes.get_errno() == 13 else done)')"
    descriptors='import os; print(*sorted(map(int, os.listdir("/proc/self/fd"))))'
    check "the program has no descriptor more than without us" "$(python3 -c "$descriptors")" \
        "$(run python3 -c "$descriptors")"
fi
cat >"$work/static.c" <<'END'
#include <stdio.h>
#include <time.h>
int main(void) {
    time_t const now = time(0);
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    printf("%d %d\n", gmtime(&now)->tm_year + 1900, gmtime(&precise.tv_sec)->tm_year + 1900);
    return 0;
}
END
for linkage in static static-pie; do
    gcc -O2 "-$linkage" "$work/static.c" -o "$work/$linkage"
    check "a $linkage program sees it" "$year $year" "$(run "$work/$linkage")"
done
printf '#!/bin/sh\ndate -u +%%Y\n' >"$work/script"
chmod +x "$work/script"
check "a script with #! sees it" "$year" "$(run "$work/script")"

# What the kernel keeps of a process, fields 26 to 28 and 45 to 51 of its stat, is written anew with
# our image; without address randomization it must come out as it does without us.
cat >"$work/addresses.c" <<'END'
#include <stdio.h>
#include <string.h>
int main(void) {
    static char text[4096];
    FILE* const file = fopen("/proc/self/stat", "r");
    if (!file || !fgets(text, sizeof text, file)) return 1;
    char* field = strtok(strrchr(text, ')') + 2, " ");
    for (int number = 3; field; ++number, field = strtok(NULL, " "))
        if ((number >= 26 && number <= 28) || (number >= 45 && number <= 51)) printf("%s ", field);
    puts("");
    return 0;
}
END
printf '#!%s one two\n' "$work/addresses" >"$work/addresses-script"
chmod +x "$work/addresses-script"
for linkage in "" -static -static-pie "-static -Wl,-z,noseparate-code" "-no-pie -Wl,-z,norelro"; do
    # shellcheck disable=SC2086 # several options
    gcc -O2 $linkage "$work/addresses.c" -o "$work/addresses"
    for program in addresses addresses-script; do
        for environment in "" "A=b" "A=b C="; do
            # shellcheck disable=SC2086 # several variables
            if ! plain=$(setarch -R env -i $environment "$work/$program" three "" 2>&1); then
                echo "not checked: the addresses that the kernel keeps: $plain"
                break 3
            fi
            # shellcheck disable=SC2086
            check "the kernel keeps the same addresses of $program (${linkage:-dynamic}, $environment)" \
                "$plain" "$(setarch -R env -i XDG_RUNTIME_DIR="$work" "$vdsokit" run -- \
                    env -i $environment "$work/$program" three "")"
        done
    done
done

# A program whose own memory lies where our image would: right in front of what the kernel maps. It
# gets the image elsewhere, with a chain page of its own.
cat >"$work/place.c" <<'END'
#include <stdio.h>
#include <string.h>
#include <time.h>
#ifdef TAKEN
__attribute__((section(".taken"), used)) static char volatile taken[TAKEN] = {1};
#endif
int main(void) {
    FILE* const file = fopen("/proc/self/maps", "r");
    char line[512];
    unsigned long begin, end, last = 0, below = 0;
    int ours = 0;
    while (file && fgets(line, sizeof line, file)) {
        char access[5];
        if (sscanf(line, "%lx-%lx %4s", &begin, &end, access) != 3) continue;
        if (strstr(line, "vdsokit-vdso") || (ours == 2 && begin == last && strlen(line) < 80)) {
            printf("%s ", access);
            ++ours;
            last = end;
        }
        if (strstr(line, "[vvar]")) below = begin;
    }
#ifdef TAKEN
    char volatile* const still = (char volatile*)AT; /* too far away for the name */
    if (still[0] != 1 || still[TAKEN - 1] != 0) return 1;
#endif
    time_t const now = time(0);
    printf("%d 0x%lx\n", gmtime(&now)->tm_year + 1900, below);
    return 0;
}
END
gcc -O2 -static "$work/place.c" -o "$work/place"
plain=$(setarch -R "$work/place" 2>&1)
below=${plain#* }
if [[ $below == 0x*[1-9a-f]* ]]; then
    run_here() { setarch -R "$vdsokit" run --realtime "$year-06-15T12:00:00Z" -- "$@"; }
    check "right in front of the kernel's pages: the shared chain page" "r-xp r--s" \
        "$(run_here "$work/place" | cut -d' ' -f1,2)"
    # Where its second page of code would be, where its time page would be, and its chain page.
    for taken in "12288 8192" "8192 4096" "4096 4096"; do
        printf -v at '0x%x' $((below - ${taken% *}))
        gcc -O2 -static -DTAKEN="${taken#* }" -DAT="$at" -Wl,--section-start=.taken="$at" "$work/place.c" \
            -o "$work/taken"
        check "$taken taken: elsewhere, a chain page of its own, and the same time" \
            "r-xp r--s r--p $year $below" "$(run_here "$work/taken")"
    done
else
    echo "not checked: a program in the image's place: $plain"
fi

# getrandom is the kernel's own, through our image.
gcc -O2 -pthread "$(dirname "$0")/../../programs/getrandom.c" -o "$work/getrandom"
direct=$("$work/getrandom" | tail -n 1)
check "getrandom in the vDSO is the kernel's, whatever that is" "$direct" \
    "$(run "$work/getrandom" | tail -n 1)"

# Status, signals, failing execs.
check "the exit status is the program's" 7 "$(status_of run sh -c 'exit 7')"
check "a signal ends it as without us" 143 "$(status_of "$vdsokit" run sh -c 'kill -TERM $$')"
check "an exec that fails leaves the caller unharmed" "127 126 $year" "$(run bash -c '
    /nonexistent 2>/dev/null; printf "%s " $?; /etc/passwd 2>/dev/null; printf "%s " $?; date -u +%Y')"
check "the pid is that of the process that called us" same "$(bash -c '
    "$0" run sh -c "echo \$\$" >"$1/inner" & wait; [ "$(cat "$1/inner")" = "$!" ] && echo same' \
    "$vdsokit" "$work")"
check "standard input is the program's" hello "$(echo hello | run cat)"
check "nothing is said without --verbose" "" "$("$vdsokit" run true 2>&1)"
check "--verbose says for each exec what was done" 2 \
    "$("$vdsokit" run --verbose sh -c 'date >/dev/null' 2>&1 | grep -c 'has our vDSO at 0x')"

# Wrong use.
check "a missing program is 127" 127 "$(status_of "$vdsokit" run /nonexistent)"
check "a directory is 126" 126 "$(status_of "$vdsokit" run /tmp)"
check "a file without execute permission is 126" 126 "$(status_of "$vdsokit" run /etc/passwd)"
check "an unknown option is 2" 2 "$(status_of "$vdsokit" run --bogus true)"
check "and named" "vdsokit: --bogus: no such option; see --help" "$(cat "$work/err")"
check "an unparsable date is 2" 2 "$(status_of "$vdsokit" run --realtime yesterday true)"
check "no program is 2" 2 "$(status_of "$vdsokit" run)"
check "an image that breaks a rule is refused" 125 "$(status_of "$vdsokit" run --vdso /etc/passwd true)"
check "by the rule's name" 1 "$(grep -c 'refused: elf-magic' "$work/err")"
check "set without a tree says so" 1 "$(status_of "$vdsokit" set --all --offset 1h)"

# Change while it runs, for the whole tree.
mkfifo "$work/go"
"$vdsokit" run bash -c 'exec 3<"$0"; echo $$ >"$1"; read -u 3 line; date -u +%Y; python3 -c "
import time
print(time.gmtime().tm_year)" 2>/dev/null || date -u +%Y' "$work/go" "$work/pid" >"$work/years" &
tree=$!
exec 4>"$work/go"
while [ ! -s "$work/pid" ]; do sleep 0.05; done
check "set finds the tree by a pid" 0 \
    "$(status_of "$vdsokit" set "$(cat "$work/pid")" --realtime 2042-01-01T00:00:00Z)"
echo >&4
wait "$tree"
check "and changes the clock of a running program and of its children" "2042 2042" \
    "$(tr '\n' ' ' <"$work/years" | sed 's/ $//')"
exec 4>&-

# A killed supervisor: the programs run on, and so do their execs.
check "execs go on after the supervisor was killed" "$year $year" "$(run bash -c '
    . "$0"; printf "%s " "$(date -u +%Y)"; kill -9 $(tree_processes $$ vdsokit-super); sleep 0.3
    date -u +%Y' "$here/supervisors.sh")"

# Many execs, one after the other and at once.
check "three hundred execs in a row, none missed" 300 "$(run bash -c '
    for i in $(seq 300); do /bin/date -u +%Y; done' | grep -c "^$year$")"
check "a hundred processes at once, none missed" 100 "$(run bash -c '
    for i in $(seq 100); do /bin/date -u +%Y & done; wait' | grep -c "^$year$")"
sleep 0.5
check "no socket is left behind" 0 "$(ls "$work/vdsokit" 2>/dev/null | wc -l)"

check_result

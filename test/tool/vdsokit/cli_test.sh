#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# cli_test.sh VDSOKIT IMAGE: the command line of the tool, with exact output and exit status. The
# number of rules is shown as N, for it grows.
set -u
vdsokit=$1 image=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
cp "$image" vdso.so || exit 1
failures=0
cases=0

# expect STATUS OUTPUT ERROR ARGUMENT...
expect() {
    local status=$1 output=$2 error=$3 got
    shift 3
    "$vdsokit" "$@" >out 2>err </dev/null
    got=$?
    sed -i -E 's/[0-9]+( of [0-9]+)? rules?/N rules/g; s/; N rules could not/; N could not/' out
    cases=$((cases + 1))
    if [[ $got != "$status" || $(<out) != "$output" || $(<err) != "$error" ]]; then
        printf 'FAILED: vdsokit %s\n  status %s, expected %s\n' "$*" "$got" "$status"
        diff <(printf '%s\n' "$output") out | sed 's/^/  stdout /'
        diff <(printf '%s\n' "$error") err | sed 's/^/  stderr /'
        failures=$((failures + 1))
    fi
}

# holds WHAT COMMAND...
holds() {
    local what=$1
    shift
    cases=$((cases + 1))
    "$@" || { printf 'FAILED: %s\n' "$what"; failures=$((failures + 1)); }
}

# put FILE OFFSET HEX: overwrites bytes
put() {
    printf '%b' "$(sed 's/../\\x&/g' <<<"$3")" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# check
expect 0 'vdso.so: ok: N rules hold' '' check vdso.so
cp vdso.so writable.so
put writable.so 68 07000000
expect 1 'writable.so: no-writable-segment: a segment is writable: no page of an image is, and glibc writes to a writable PT_DYNAMIC (offset 0x40)
writable.so: refused: N rules broken' '' check writable.so
expect 1 'vdso.so: ok: N rules hold
writable.so: no-writable-segment: a segment is writable: no page of an image is, and glibc writes to a writable PT_DYNAMIC (offset 0x40)
writable.so: refused: N rules broken' '' check vdso.so writable.so
head -c 63 vdso.so >cut.so
expect 1 'cut.so: header-complete: the file is shorter than an ELF header (offset 0x3f)
cut.so: refused: N rules broken; N could not be checked for that; no vdsokit note, so N rules for vdsokit images not applied' \
    '' check cut.so
"$vdsokit" check --json vdso.so writable.so >report.json
holds 'check --json exits with 1' test $? = 1
holds 'check --json is JSON with the failure' python3 -c '
import json
good, bad = json.load(open("report.json"))["images"]
assert good["file"] == "vdso.so" and good["ok"] and good["vdsokit_note"] and not good["failures"]
assert not bad["ok"] and bad["failures"][0]["rule"] == "no-writable-segment"
assert bad["failures"][0]["offset"] == 0x40'
expect 2 'vdso.so: ok: N rules hold' 'vdsokit: none.so: cannot be opened: No such file or directory' \
    check none.so vdso.so
expect 2 '' 'vdsokit: .: not a regular file; give the image as a file' check .
expect 2 '' 'vdsokit: /dev/zero: not a regular file; give the image as a file' check /dev/zero
mkfifo pipe
expect 2 '' 'vdsokit: pipe: not a regular file; give the image as a file' check pipe
truncate -s $((16 * 1024 * 1024 + 1)) huge.so
expect 2 '' 'vdsokit: huge.so: larger than 16 MiB, so this is no vDSO' check huge.so
expect 2 '' "vdsokit: name a FILE, or --live for the running kernel's; see --help" check
expect 2 '' 'vdsokit: --live and FILE exclude each other; see --help' check --live vdso.so

# The running kernel's own, where there is one.
if "$vdsokit" check --live 2>&1 | grep -q 'no AT_SYSINFO_EHDR'; then
    echo 'this kernel has no vDSO: --live not tested'
else
    expect 0 'live: ok: N rules hold; no vdsokit note, so N rules for vdsokit images not applied' '' \
        check --live
    holds 'show --live names clock_gettime' \
        bash -c "'$vdsokit' show --live | grep -q 'function.*clock_gettime@LINUX_'"
fi

# show
echo 'just some text, long enough to hold a header of either class ............' >text
expect 1 '' 'vdsokit: text: not an ELF image; `vdsokit check text` says why' show text
expect 2 '' 'vdsokit: show takes one FILE; see --help' show vdso.so writable.so
"$vdsokit" show --json vdso.so >show.json
holds 'show --json is JSON' python3 -c '
import json
shown = json.load(open("show.json"))
assert shown["header"]["machine"] == "aarch64" and shown["header"]["class"] == 64
assert shown["vdsokit"]["time_page_offset"] == 0x1000 and len(shown["time_page"]["clocks"]) == 12
assert all(trap["enters_kernel"] for trap in shown["vdsokit"]["traps"])
assert {e["version"] for e in shown["exports"]} == {"LINUX_2.6.39"}'

# stamp
expect 0 '' '' stamp vdso.so -o rel4.so --counter physical --trap 0xdeadbeef
expect 0 'rel4.so: ok: N rules hold' '' check rel4.so
holds 'a variant has mode 0644 whatever the umask' \
    bash -c "umask 077; '$vdsokit' stamp vdso.so -o m.so --trap brk && test \$(stat -c %a m.so) = 644"
holds 'stamping is reproducible' bash -c "
    '$vdsokit' stamp vdso.so -o again.so --counter physical --trap 0xdeadbeef && cmp rel4.so again.so"
holds 'nothing but traps and the time page differs' python3 -c '
import json
a, b = open("vdso.so", "rb").read(), open("rel4.so", "rb").read()
traps = [t["offset"] for t in json.load(open("show.json"))["vdsokit"]["traps"]]
for at, (x, y) in enumerate(zip(a, b)):
    assert x == y or at >= 0x1000 or any(t <= at < t + 4 for t in traps), hex(at)
assert len(a) == len(b)
assert all(b[t:t + 4] == bytes.fromhex("efbeadde") for t in traps)'
expect 0 '' '' stamp rel4.so -o back.so --trap 0xd4000001
holds 'a variant can be stamped again' bash -c "cmp -n 4096 vdso.so back.so"
expect 0 '' '' stamp vdso.so -o vdso.so --counter virtual
holds 'in place, too' bash -c "'$vdsokit' show vdso.so | grep -q 'monotonic  *direct '"
cp "$image" vdso.so
expect 0 '' '' stamp vdso.so -o published.so --publish \
    counter=virtual,frequency=62500000,realtime=1700000000123456789,monotonic=5000000000,boottime=7000000000,tai-offset=37,resolution=16,coarse-resolution=4000000
expect 0 'published.so: ok: N rules hold' '' check published.so
holds 'a published page says what it was told' bash -c "'$vdsokit' show published.so | grep -E '^(clock|time)' |
    sed -E 's/ +/ /g; s/, base/ base/; s/ sequence [0-9]+//; s/ \(mult.*//' | grep -v none |
    diff - <(cat <<'END'
time page version 1, 12 clocks, resolution 16 ns, coarse 4000000 ns, timezone 0 minutes west, dst 0
clock realtime counter base 1700000000.123456789 s at counter 0x0, 62500000 Hz
clock monotonic counter base 5.000000000 s at counter 0x0, 62500000 Hz
clock monotonic_raw counter base 5.000000000 s at counter 0x0, 62500000 Hz
clock realtime_coarse counter base 1700000000.123456789 s at counter 0x0, 62500000 Hz
clock monotonic_coarse counter base 5.000000000 s at counter 0x0, 62500000 Hz
clock boottime counter base 7.000000000 s at counter 0x0, 62500000 Hz
clock tai counter base 1700000037.123456789 s at counter 0x0, 62500000 Hz
END
)"
expect 1 '' 'vdsokit: writable.so: nothing written: the image breaks a rule: no-writable-segment: a segment is writable: no page of an image is, and glibc writes to a writable PT_DYNAMIC (offset 0x40); `vdsokit check writable.so` lists all' \
    stamp writable.so -o none.so --trap brk
cp vdso.so foreign.so
note=$(grep -obUaP 'vdsokit\x00\x01' foreign.so | head -1 | cut -d: -f1)
put foreign.so "$note" 56
expect 1 '' 'vdsokit: foreign.so: nothing written: the image has no vdsokit note, so its time page and trap sites are not known' \
    stamp foreign.so -o none.so --trap brk
holds 'a refusal writes nothing' test ! -e none.so
expect 2 '' 'vdsokit: ./no/where.so: cannot be written: No such file or directory' \
    stamp vdso.so -o ./no/where.so --trap brk
expect 2 '' 'vdsokit: /dev/null: exists and is not a regular file; name another' \
    stamp vdso.so -o /dev/null --trap brk
expect 2 '' "vdsokit: --trap: '0x1deadbeef' is neither a 32-bit number nor brk" \
    stamp vdso.so -o none.so --trap 0x1deadbeef
expect 2 '' 'vdsokit: --counter: both not in {virtual,physical}; see --help' \
    stamp vdso.so -o none.so --counter both
expect 2 '' 'vdsokit: --counter excludes --publish; see --help' \
    stamp vdso.so -o none.so --counter virtual --publish counter=virtual
expect 2 '' "vdsokit: --publish: 'frequency' is missing" \
    stamp vdso.so -o none.so --publish counter=virtual
expect 2 '' 'vdsokit: stamp changes nothing without --counter, --publish or --trap; see --help' \
    stamp vdso.so -o none.so
expect 2 '' 'vdsokit: --output is required; see --help' stamp vdso.so
holds 'nothing is left behind' bash -c '! ls | grep -E "\.so\..{6}$"'

# help
expect 2 '' 'vdsokit: A subcommand is required; see --help'
for words in '' check show stamp; do
    # shellcheck disable=SC2086
    holds "vdsokit $words --help" bash -c "'$vdsokit' $words --help | grep -q '^Usage: vdsokit $words'"
done

echo "$cases cases, $failures failed"
((failures == 0 && cases > 30))

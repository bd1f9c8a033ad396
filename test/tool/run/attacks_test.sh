#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# docs/security.md, hosts/linux: what hostile programs try, and what others see of it.
#   attacks_test.sh VDSOKIT
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
gcc -O2 -w "$here/attacks.c" -o "$work/attacks"
gcc -O2 -static "$here/year.c" -o "$work/year"
gcc -O2 -static -nostdlib -ffreestanding -fno-stack-protector -fno-pie -no-pie -w "$here/wiped.c" \
    -o "$work/wiped"
run() { timeout 60 "$vdsokit" run --realtime 2031-06-15T12:00:00Z "$@"; }

for source in kernel tsc; do
    "$vdsokit" run --clock-source $source true 2>/dev/null || continue
    check "no write reaches the page or the code, with --clock-source $source" "all refused" \
        "$(run --clock-source $source -- "$work/attacks" 2>&1)"
    check "and who runs beside and after it reads the right time and the right code" "2031 2031" \
        "$(run --clock-source $source -- sh -c '"$0" >/dev/null; "$1"; "$1"' "$work/attacks" \
        "$work/year" 2>&1 | xargs)"
done
check "the steps below the stack pointer are wiped" 0 "$(run "$work/wiped"; echo $?)"

# The control socket.
mkfifo "$work/go"
"$vdsokit" run sh -c 'read -r line <"$0"; date -u +%Y' "$work/go" >"$work/year.out" &
tree=$!
while [ -z "$(ls "$work/vdsokit" 2>/dev/null)" ]; do sleep 0.05; done
check "the socket's directory is its user's alone" 700 "$(stat -c %a "$work/vdsokit")"
socket=$work/vdsokit/$(ls "$work/vdsokit")
send() { # hexadecimal
    python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.argv[1])
s.send(bytes.fromhex(sys.argv[2]))
s.settimeout(5)
print(s.recv(64).hex())' "$socket" "$1" 2>&1 | tail -1
}
check "a short request is refused" 0100000016000000 "$(send 01000000)"
check "an unknown version is refused" 0100000016000000 "$(send "02$(printf '0%.0s' {1..46})")"
check "an unknown verb is refused" 0100000016000000 "$(send "0100000009$(printf '0%.0s' {1..38})")"
check "too many nanoseconds are refused" 0100000016000000 \
    "$(send "01000000010000000000000000000000ffffffff00000000")"
if [ "$(id -u)" = 0 ]; then
    chmod 777 "$work/vdsokit" "$socket"
    check "another user is not answered" "" "$(python3 -c '
import os, socket, sys
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.argv[1])
try:
    s.send(bytes.fromhex("010000000100000000000000e803000000000000"))
    s.settimeout(5)
    print(s.recv(64).hex(), end="")
except OSError:
    pass' "$socket" 2>&1)"
fi
echo >"$work/go"
wait "$tree"
check "none of it has changed the clock" "$(date -u +%Y)" "$(cat "$work/year.out")"
check_result

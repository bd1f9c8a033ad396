#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The libc matrix would notice: an image that breaks a rule of the contract, in the hands of each libc.
# For clock_gettime, then for gettimeofday and time: V the vDSO answers, - the libc does not find it
# and makes the system call, E the program gets an error or no time at all; CRASH it dies of a
# signal; !V it dies or does not find it.
# The wall clock of the page is five years off, which tells V from -. x86_64.
#
#   broken_images_test.sh BUILD BREAK-IMAGE
set -u
build=$1 break_image=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../tool/run/check.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uexec=$build/hosts/uexec/x86_64/vdsokit-uexec
image=$build/images/x86_64/vdso.so
offset=157680000

compile() { # output compiler-and-flags...
    local output=$1
    shift
    "$@" -O2 "$here/told.c" -o "$work/$output" || exit 1
}
compile glibc-dynamic gcc
compile glibc-static gcc -static
compile musl-dynamic musl-gcc
compile musl-static musl-gcc -static
libcs=(glibc-dynamic glibc-static musl-dynamic musl-static)
if command -v go >/dev/null; then
    CGO_ENABLED=0 GOCACHE=$build/test/go-cache GOPATH=$work/gopath GOFLAGS=-mod=mod \
        go build -o "$work/go" "$here/told.go" || exit 1
    libcs+=(go)
fi

observe() { # libc
    local status now
    now=$(date +%s)
    timeout 60 "$uexec" --unchecked --vdso "$work/image.so" --offset "$offset" -- "$work/$1" 7 \
        >"$work/out" 2>"$work/err"
    status=$?
    if (( status > 128 )) || { [[ $1 == go ]] && (( status == 2 )); }; then
        echo CRASH  # Go's runtime reports a fault itself and exits with 2
        return
    fi
    awk -v now="$now" -v offset="$offset" -v status="$status" -v go="$([[ $1 == go ]] && echo 1)" '
        function near(value, wanted) { return wanted - 60 < value && value < wanted + 60 }
        function told(name) {
            if (!(name in seconds)) return "E"
            return near(seconds[name], now + offset) ? "V" : near(seconds[name], now) ? "-" : "E"
        }
        { seconds[$1] = $2 }
        END {
            both = told("gettimeofday") == told("time") ? told("time") : "?"
            print told("realtime") (go || status != 7 ? "" : both)
        }' "$work/out"
}

# What is broken, and what each libc makes of it, in the order of `libcs`.
while read -r broken expected; do
    "$break_image" "$broken" "$image" "$work/image.so" || exit 1
    if [[ $broken != none ]]; then
        if "$uexec" --vdso "$work/image.so" -- true 2>/dev/null; then accepted=yes; else accepted=no; fi
        if [[ $broken != answers-enosys && $broken != no-sections ]]; then
            check "$broken: without --unchecked the image is refused" no "$accepted"
        fi
    fi
    read -r -a wanted <<<"$expected"
    for at in "${!libcs[@]}"; do
        observed=$(observe "${libcs[at]}")
        # glibc reads its tables a page too low: what lies there decides whether it dies of that.
        if [[ ${wanted[at]} == '!V' && $observed =~ ^(--|CRASH)$ ]]; then observed='!V'; fi
        check "$broken: ${libcs[at]}" "${wanted[at]}" "$observed"
    done
done <<'TABLE'
none              VV     VV     VV    VV    V
no-sysv-hash      VV     VV     --    --    V
no-gnu-hash       VV     VV     VV    VV    V
no-hash           --     --     --    --    -
no-versions       VV     VV     VV    VV    CRASH
wrong-node        V-     VV     --    --    -
wrong-node-hash   V-     VV     VV    VV    -
writable-dynamic  CRASH  CRASH  VV    VV    V
two-loads         !V     !V     VV    VV    V
prelinked         VV     VV     VV    VV    V
no-sections       VV     VV     VV    VV    V
not-functions     VV     VV     VV    VV    V
answers-enosys    E      E      --    --    E
TABLE

# No breaking without a row.
rows=$(sed -n "/^done <<'TABLE'/,/^TABLE/p" "${BASH_SOURCE[0]}" | sed '1d;$d' | cut -d ' ' -f 1)
check "every breaking has a row" "$("$break_image" | sort)" "$(sort <<<"$rows")"
check_result

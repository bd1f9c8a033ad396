# SPDX-License-Identifier: BSD-2-Clause
# What each boot test calls. A test sources this, boots, and expects; it ends with `finish`.
# The build folder comes in VDSOKIT_BUILD, the host (virt or sel4) in VDSOKIT_HOST; options for each
# boot may come in VDSOKIT_OPTIONS.
set -u
programs=$VDSOKIT_BUILD/programs/aarch64
images=$VDSOKIT_BUILD/images/aarch64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# 32-bit arm programs: not on seL4, which has no threads for them on a 64-bit CPU.
runs_narrow() { [[ ${VDSOKIT_HOST:-virt} == virt ]]; }
# What the host loads at start: the image and its frames, and the other image where it is of use.
loaded='preloads=1 vdso-frames=2' loaded_without_image='preloads=0 vdso-frames=0'
if runs_narrow; then
    loaded='preloads=2 vdso-frames=3' loaded_without_image='preloads=1 vdso-frames=2'
fi
expectations=0
failures=0

# boot [OPTION...] [PROGRAM [ARG...]]: sets status, and fills $work/out and $work/errors.
# Standard input is the file that `input` names, and else empty.
boot() {
    booted="vdsokit-virt $*"
    status=0
    "$VDSOKIT_BUILD/bin/vdsokit-virt" ${VDSOKIT_HOST:+--host "$VDSOKIT_HOST"} ${VDSOKIT_OPTIONS:-} "$@" <"${input:-/dev/null}" >"$work/out" 2>"$work/errors" || status=$?
}

failed() {
    failures=$((failures + 1))
    printf 'FAILED: %s\n  by: %s\n' "$1" "$booted"
    sed 's/^/  out: /' "$work/out" | tail -n 40
    sed 's/^/  err: /' "$work/errors" | tail -n 40
}

expect() {
    expectations=$((expectations + 1))
    if "${@:2}"; then echo "ok: $1"; else failed "$1"; fi
}

expect_status() { expect "status is $1" test "$status" -eq "$1"; }
# The whole of standard output, exactly.
expect_output() { expect "output is '$1'" cmp -s "$work/out" <(printf '%s\n' "$1"); }
expect_no_output() { expect 'there is no output' test ! -s "$work/out"; }
expect_no_errors() { expect 'standard error is empty' test ! -s "$work/errors"; }
# A line of it, by an extended regular expression.
expect_output_line() { expect "output has a line $1" grep -qE -- "$1" "$work/out"; }
expect_error_line() { expect "errors have a line $1" grep -qE -- "$1" "$work/errors"; }
expect_no_error_line() { expect "errors have no line $1" no_match "$1" "$work/errors"; }
no_match() { ! grep -qE -- "$1" "$2"; }

# A program of test/programs that checks itself.
expect_all_checks_hold() {
    expect 'no check failed' no_match '^FAILED' "$work/out"
    expect_output_line '^all checks hold$'
    expect_status 0
}

finish() {
    echo "$expectations expectations, $failures failed"
    ((expectations > 0 && failures == 0))
}

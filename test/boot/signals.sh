# The launcher itself: signals, a reader that goes away, and nothing left behind.
source "$(dirname "$0")/support.sh"
launcher=$VDSOKIT_BUILD/bin/vdsokit-virt
booted=$launcher
: > "$work/out"
: > "$work/errors"

# The QEMU whose parent is this process.
machine_of() { tr -d ' ' <"/proc/$1/task/$1/children"; }

# Whoever inherits it may not have collected it yet.
has_ended() { ! grep -q '^State:[[:space:]]*[^Z]' "/proc/$1/status" 2>/dev/null; }

# ends_by SIGNAL STATUS: a launcher that waits for input gets the signal.
ends_by() {
    mkfifo "$work/input"
    "$launcher" cat <"$work/input" >"$work/out" 2>"$work/errors" &
    local pid=$! machine status=0
    exec 9>"$work/input"
    echo ready >&9
    until grep -q ready "$work/out"; do sleep 0.1; done
    machine=$(machine_of "$pid")
    kill -"$1" "$pid"
    wait "$pid" 2>/dev/null || status=$?
    exec 9>&-
    rm "$work/input"
    for _ in $(seq 50); do has_ended "$machine" && break; sleep 0.1; done
    expect "SIG$1 ends it with $2" test "$status" -eq "$2"
    expect "and its machine ends too" has_ended "$machine"
}

ends_by INT 130
ends_by TERM 143
ends_by HUP 129
# It cannot do anything about this one, but its machine is ended all the same.
ends_by KILL 137

"$launcher" yes 2>"$work/errors" | head -n 1 > "$work/out"
status=${PIPESTATUS[0]}
expect_status 141
expect_output y
"$launcher" yes >/dev/full 2>"$work/errors"
status=$?
expect_status 125
expect_error_line '^scripts/run: standard output: '
"$launcher" cat <&- >"$work/out" 2>"$work/errors"
status=$?
expect_status 0

finish

# SPDX-License-Identifier: BSD-2-Clause
# Sourced by the scripts beside it. Every check is a sentence, what is expected and what came out; a
# script goes on after a failure and counts.
passed=0
failed=0

check() { # sentence expected actual
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  expected: %s\n  actual:   %s\n' "$1" "$2" "$3"
    fi
}

# The last line of a script.
check_result() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# Everything that a process had is the root task's again when it ends: after ten thousand programs as
# many of the kernel's slots and pages are in use as after a hundred.
source "$(dirname "$0")/support.sh"

# in_use COUNT: what the root task says at the end of a shell that has run so many programs.
in_use() {
    boot --verbose --file "$programs/exit_by=/bin/exit_by" sh -c "
        i=0
        while [ \$i -lt $1 ]; do /bin/exit_by status 0 || exit 1; i=\$((i + 1)); done"
    expect_status 0
    used=$(grep -oE 'slots=[0-9]+ pages=[0-9]+' "$work/errors")
}

in_use 100
after_100=$used
expect 'the root task says what is in use' test -n "$after_100"
in_use "${VDSOKIT_EXECS:-10000}"
expect "after many programs as much is in use ($used) as after a hundred ($after_100)" \
    test "$used" = "$after_100"

finish

# Everything that a process had is the root task's again when it ends: after thousands of programs as
# many of the kernel's slots and pages are in use as after a hundred, but for a few of the shell's.
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
in_use "${VDSOKIT_EXECS:-2000}"
# Where the shell's stack and heap begin in a page is random, each time: three pages more at most,
# with two slots each. One lost in each program would be seen more than a hundred times over.
is_constant() {
    local slots pages slots_after pages_after
    IFS=' ' read -r slots pages <<< "$(sed -E 's/[a-z]+=//g' <<< "$1")"
    IFS=' ' read -r slots_after pages_after <<< "$(sed -E 's/[a-z]+=//g' <<< "$2")"
    ((slots_after <= slots + 6 && pages_after <= pages + 3))
}
expect "after many programs as much is in use ($used) as after a hundred ($after_100)" \
    is_constant "$after_100" "$used"

finish

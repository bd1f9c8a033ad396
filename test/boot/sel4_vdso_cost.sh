# The vDSO adds two copies of capabilities and two maps to an exec, no more.
source "$(dirname "$0")/support.sh"
shopt -s lastpipe

# The least `copies` and `maps` of some boots that exec one program: a stack that begins just above a
# page's start, as its random place is now and then, takes a page more.
mappings() {
    copies=1000 maps=1000
    local turn more_copies more_maps
    for turn in {1..12}; do
        boot --verbose "$@" "$programs/exit_by" status 0
        sed -nE 's/^sel4: .* copies=([0-9]+) maps=([0-9]+)$/\1 \2/p' "$work/errors" |
            read -r more_copies more_maps
        if ((more_copies < copies)); then copies=$more_copies; fi
        if ((more_maps < maps)); then maps=$more_maps; fi
    done
    expect_status 0
}

mappings --no-vdso
without_copies=$copies without_maps=$maps
mappings
expect "two copies more than $without_copies with a vDSO: $copies" \
    test "$copies" -eq $((without_copies + 2))
expect "two maps more than $without_maps with a vDSO: $maps" test "$maps" -eq $((without_maps + 2))

finish

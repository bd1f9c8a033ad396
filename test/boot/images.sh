# An image that breaks a rule, or none: the message names the rule and the offset, and programs run
# on without a vDSO.
source "$(dirname "$0")/support.sh"

# The program says whether it was given a vDSO, and still gets the time.
auxv_and_time() { boot "$@" --stats --verbose "$programs/no_vdso"; }

while read -r mutation rule offset; do
    "$VDSOKIT_MUTATE" "$mutation" "$images/vdso.so" "$work/image.so"
    auxv_and_time --vdso "$work/image.so"
    expect_error_line "^/vdso.so: refused by the rule $rule at offset $offset: "
    expect_error_line "^host: $loaded_without_image vdso-maps=0 bytes-copied-at-exec=0$"
    expect_output 'AT_SYSINFO_EHDR=0 time=1'
    expect_status 0
done <<'TABLE'
truncated          load-in-file        0x40
truncated-header   header-complete     0x28
other-machine      host-machine        0x12
writable-segment   no-writable-segment 0x40
two-loads          one-load            0xb0
relocation         no-relocations      0x[0-9a-f]+
note-version       note-version        0x[0-9a-f]+
note-name          note-present        0x[0-9a-f]+
trap-outside-code  trap-in-code        0x[0-9a-f]+
trap-left-out      note-shape          0x[0-9a-f]+
TABLE

"$VDSOKIT_MUTATE" empty "$images/vdso.so" "$work/image.so"
auxv_and_time --vdso "$work/image.so"
expect_error_line '^/vdso.so: no such file, or it is empty; programs run without a vDSO$'
expect_output 'AT_SYSINFO_EHDR=0 time=1'

# Without --verbose nothing of that is said.
boot --vdso "$work/image.so" "$programs/no_vdso"
expect_output 'AT_SYSINFO_EHDR=0 time=1'
expect_no_errors

auxv_and_time --no-vdso
expect_output 'AT_SYSINFO_EHDR=0 time=1'
expect_error_line '^host: preloads=0 vdso-frames=0 vdso-maps=0 bytes-copied-at-exec=0$'
expect_error_line '^stats: pid=1 status=0 exe=/bin/no_vdso clock_gettime=1 '
expect_status 0

finish

# What scripts/run promises of a program: status, output, input, files, libraries, and the messages.
source "$(dirname "$0")/support.sh"

boot sh -c 'echo to output; echo to errors >&2; exit 9'
expect_status 9
expect_output 'to output'
expect 'errors are the program'\''s alone' cmp -s "$work/errors" <(echo 'to errors')

boot sh -c 'kill -TERM $$'
expect_status 143
boot "$programs/exit_by" signal 11
expect_status 139
boot "$programs/exit_by" status 255
expect_status 255

boot "$work/nothing"
expect_status 127
expect_error_line "^scripts/run: $work/nothing: not found$"
echo text > "$work/text"
boot "$work/text"
expect_status 126
expect_error_line "^scripts/run: $work/text: not executable$"
boot /
expect_status 126
boot "$(type -P true)"
expect_status 126
expect_error_line 'ELF program of machine [0-9]+, not of aarch64 \(183\) or arm \(40\)'
printf '\177ELF' > "$work/broken"
chmod +x "$work/broken"
boot "$work/broken"
expect_status 126
boot --no-such-option
expect_status 125
boot --vdso "$work/nothing" true
expect_status 125
expect_error_line "$work/nothing: No such file or directory"
boot --cpu no-such-cpu true
expect_status 125
expect_error_line 'ended without an exit status; QEMU says: .*no-such-cpu'

# Every byte value, both ways, among them the escape byte of the serial line.
for ((byte = 0; byte < 256; byte++)); do printf "\\x$(printf %x "$byte")"; done > "$work/bytes"
for _ in 1 2 3 4 5 6 7 8; do cat "$work/bytes" "$work/bytes"; done > "$work/input"
input=$work/input boot cat
expect 'every byte comes back' cmp -s "$work/input" "$work/out"
input=$work/input boot sh -c 'cat >&2'
expect 'also on standard error' cmp -s "$work/input" "$work/errors"
boot sh -c 'seq 1 20000'
expect 'long output is whole' cmp -s "$work/out" <(seq 1 20000)
printf 'no end of line' > "$work/input"
input=$work/input boot sh -c 'read -r line; echo "$line"'
expect_output 'no end of line'
boot wc -c
expect_output '0'

# Files: at their own place, at another, and a folder.
mkdir "$work/folder"
echo inside > "$work/folder/file"
echo given > "$work/given"
boot --file "$work/given" --file "$work/given=/etc/name with space" --file "$work/folder=/data" \
    cat "$work/given" "/etc/name with space" /data/file
expect_output $'given\ngiven\ninside'
cd "$work" || exit 1
boot --file folder cat folder/file
expect_output inside
boot --file "$work/nothing" true
expect_status 125
boot --file ../up true
expect_status 125
expect_error_line 'may not go up'

# A dynamic program's interpreter and libraries are found.
boot "$programs/probe-musl-dynamic" library 10
expect_status 0
boot "$programs/probe-glibc-dynamic" library 10
expect_status 0
# A script names its own interpreter.
printf '#!/bin/sh\necho "script: $1"\n' > "$work/script"
chmod +x "$work/script"
boot "$work/script" argument
expect_output 'script: argument'

# Statistics: a line for each process, the time calls always, and one at the end.
boot --stats sh -c '/bin/busybox true; exit 3'
expect_status 3
expect_no_output
counts='clock_gettime=[0-9]+ gettimeofday=[0-9]+ clock_getres=[0-9]+'
expect_error_line "^stats: pid=1 status=3 exe=/bin/busybox $counts .*exit_group=1"
expect_error_line "^stats: pid=2 status=0 exe=/bin/busybox $counts "
expect_error_line "^host: $loaded vdso-maps=[0-9]+ bytes-copied-at-exec=0$"
boot --verbose true
expect_error_line "^${VDSOKIT_HOST:-virt}: "
expect_status 0
boot --no-vdso --stats "$programs/probe-musl-static" library 10
expect_error_line '^stats: pid=1 status=0 exe=/bin/probe-musl-static clock_gettime=[1-9][0-9]* '

# Other machines.
boot --cpu max "$programs/probe-glibc-dynamic" library 10
expect_status 0
boot --memory 128M "$programs/probe-musl-static" library 10
if [[ ${VDSOKIT_HOST:-virt} == virt ]]; then
    expect_status 0
else  # its kernel was built for one machine
    expect_status 125
    expect_error_line 'excludes --memory'
fi

finish

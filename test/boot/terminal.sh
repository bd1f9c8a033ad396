# A shell on a terminal: the guest does the echo and ^C, knows the size, and the terminal is put
# back afterwards.
source "$(dirname "$0")/support.sh"

# Runs the shell on a terminal of its own and types the lines, with a pause where they say so.
# What the terminal shows goes to $work/out.
type_lines() {
    booted="vdsokit-virt --shell"
    : > "$work/errors"
    status=0
    # The typist waits for the prompt; a line may be @wait TEXT: until the terminal shows it.
    mkfifo "$work/keys"
    : > "$work/out"
    exec 7<&0 8<>"$work/keys"
    {
        while IFS= read -r line; do
            case $line in
            '@wait '*) for _ in $(seq 300); do
                grep -qF -- "${line#@wait }" "$work/out" && break
                sleep 0.1
            done ;;
            '@key '*) printf "${line#@key }" >&8 ;;
            *) printf '%s\n' "$line" >&8 ;;
            esac
        done
    } <&7 &
    local before='stty rows 33 cols 101; stty -g; '
    timeout 60 script -qefc "$before '$VDSOKIT_BUILD/bin/vdsokit-virt' ${VDSOKIT_HOST:+--host $VDSOKIT_HOST} --shell; s=\$?; stty -g; exit \$s" \
        /dev/null <"$work/keys" >"$work/out" 2>&1 || status=$?
    exec 7<&- 8>&-
    rm "$work/keys"
    wait
}

# ^C is a key like any other while the shell edits a line, so it waits for the command to have begun.
type_lines <<'KEYS'
@wait #
stty size
@wait 33 101
echo $((6 * 7)) is the answer
@wait 42 is the answer
echo start$((1))ed; sleep 100
@wait start1ed
@key \x03
echo status $?
@wait status 130
exit 5
KEYS
expect_status 5
expect_output_line '^33 101.$'
expect_output_line '^42 is the answer.$'
expect_output_line '^status 130.$'
expect_output_line 'echo status'
settings() { grep -aE '^[0-9a-f]+(:[0-9a-f]+){10,}' "$work/out" | sort -u | wc -l; }
is_put_back() { test "$(settings)" -eq 1; }
expect 'the terminal is as it was' is_put_back

type_lines <<'KEYS'
@wait #
@key \x1d
KEYS
expect_status 130
expect 'the terminal is as it was after Ctrl-]' is_put_back

finish

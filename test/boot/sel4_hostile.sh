# Programs that take all they can get harm themselves alone: the others run on, their time is right,
# and the root task is there to say what it did.
source "$(dirname "$0")/support.sh"

# All memory, all processes; a shell beside them goes on.
boot sh -c '
    (x=a; while :; do x=$x$x; done) 2>/dev/null
    echo "memory: $?"
    date > /tmp/date && echo goes on'
expect_status 0
expect_output_line '^memory: (1|2|134|137|139)$'
expect_output_line '^goes on$'

boot sh -c '
    f() { while :; do (sleep 1000) & done; }
    (f) 2>/dev/null & sleep 3
    kill $! 2>/dev/null
    echo "$(true; echo $?)"'
expect_status 0

# A program that never asks for anything does not keep the others from running.
boot sh -c '(while :; do :; done) & spinner=$!
    i=0; while [ $i -lt 20 ]; do date > /dev/null; i=$((i + 1)); done
    sleep 1; kill -9 $spinner; wait $spinner; echo "spinner: $?"'
expect_output 'spinner: 137'

# The vDSO where rel4-linux-kit has it, and somewhere else on request.
boot grep vdso /proc/self/maps
expect_output_line '^0*400000000-400001000 r-xp .*\[vdso\]$'
boot --vdso-address random grep vdso /proc/self/maps
expect_output_line '\[vdso\]$'
expect 'a random address is not the fixed one' no_match '^0*400000000-' "$work/out"

finish

# Two groups of processes read clocks of their own, and neither makes a system call for it.
source "$(dirname "$0")/support.sh"

boot --stats "$programs/time_namespaces"
expect_all_checks_hold
expect_output_line '^first: monotonic 10[0-9][0-9] s$'
expect_output_line '^second: monotonic 20000[0-9][0-9] s$'
# Of a process that began by exec, the calls since then: no clone, no unshare.
in_groups() { grep 'status=0 exe=.*time_namespaces' "$work/errors" | grep -vE 'clone=|unshare='; }
expect 'both groups started a program' test "$(in_groups | wc -l)" -eq 2
expect 'which made no clock call' test "$(in_groups | grep -c ' clock_gettime=0 gettimeofday=0 ')" -eq 2

finish

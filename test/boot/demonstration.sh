# The demonstration: every program asks for the time often, no time system call reaches the kernel,
# and a call by the vDSO is the faster one.
source "$(dirname "$0")/support.sh"

boot
expect_status 0
expect_output_line '^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} UTC 20[0-9]{2}$'

# program libc linkage calls
row() { expect_output_line "^$1 +$2 +$3 +$4 +0 +[0-9]+ +[0-9]+$"; }
row probe-musl-static   musl  static  209002
row probe-musl-dynamic  musl  dynamic 209002
row probe-glibc-static  glibc static  209002
row probe-glibc-dynamic glibc dynamic 209002
row probe-threads       glibc dynamic 809002
if runs_narrow; then
    row probe-arm-musl-static  musl  static 209002
    row probe-arm-glibc-static glibc static 209002
fi
expect_output_line '^date \(busybox\) +glibc +static +[1-9][0-9]* +0 +- +-$'
is_faster() { awk '/^probe-.* [0-9]+$/ { if ($6 * 2 > $7) slow = 1 } END { exit slow }' "$work/out"; }
expect 'a call by the vDSO takes less than half of one by the system call' is_faster
expect_no_errors

finish

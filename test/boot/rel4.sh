# The rel4 way: the stamped image, loaded as rel4-linux-kit does it, gives a static musl program its
# time from CNTPCT_EL0 with no clock system call.
source "$(dirname "$0")/support.sh"

boot --rel4 --stats "$programs/vdso_rel4"
expect_all_checks_hold
expect_error_line '^stats: pid=1 status=0 exe=/bin/vdso_rel4 clock_gettime=0 gettimeofday=0 clock_getres=0 '
expect_error_line '^host: preloads=1 vdso-frames=2 vdso-maps=1 bytes-copied-at-exec=0$'

# The wall clock is not known to such an image: the call is made, through the stamped trap.
boot --rel4 --stats "$programs/no_vdso"
expect_output 'AT_SYSINFO_EHDR=400000000 time=1'
expect_error_line '^stats: pid=1 status=0 exe=/bin/no_vdso clock_gettime=1 '

finish

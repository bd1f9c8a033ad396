# 32-bit arm programs: what scripts/run does with them, how they and 64-bit ones run each other, and
# what a machine does that cannot run them.
source "$(dirname "$0")/support.sh"
narrow=$VDSOKIT_BUILD/programs/arm
narrow_busybox=${VDSOKIT_SYSROOTS}/arm/usr/bin/busybox

no_time_calls="gettimeofday=0 clock_gettime=0 clock_getres=0 clock_gettime64=0 clock_getres_time64=0"
for program in probe-arm-musl-static probe-arm-glibc-static probe-arm-glibc-dynamic; do
    boot --stats "$narrow/$program" library 1000
    expect_status 0
    expect_output_line '^probe: pid=1 how=library libc=(musl|glibc) '
    expect_error_line "^stats: pid=1 status=0 exe=/bin/$program $no_time_calls "
    expect_error_line '^host: preloads=2 vdso-frames=3 vdso-maps=1 bytes-copied-at-exec=0$'
done
# The kernel's answers, by the system calls of both widths.
boot --no-vdso --stats "$narrow/probe-arm-musl-static" library 10
expect_error_line ' clock_gettime64=[1-9][0-9]* '
boot --no-vdso --stats "$narrow/probe-arm-glibc-static" system 10
expect_error_line ' clock_gettime=[1-9][0-9]* '

# Debian's own 32-bit busybox, which execs itself; and one kind out of the other.
boot --stats "$narrow_busybox" sh -c 'busybox uname -m; busybox date | busybox grep -c UTC; exit 4'
expect_status 4
expect_output $'armv8l\n1'
expect_no_error_line ' clock_gettime64=[1-9]'
boot --file "$narrow/probe-arm-musl-static=/bin/probe" --file "$narrow/futex=/bin/futex" \
    sh -c 'uname -m; probe library 10 >/dev/null && futex | tail -n 1; uname -m'
expect_output $'aarch64\nall checks hold\naarch64'
boot --file "$narrow_busybox=/bin/busybox32" sh -c \
    'busybox32 sh -c "/bin/busybox uname -m | /bin/busybox32 cat; /bin/busybox32 uname -m | /bin/busybox cat"'
expect_output $'aarch64\narmv8l'
boot --file "$narrow_busybox=/bin/busybox32" sh -c 'busybox32 cat /proc/self/maps'
expect_output_line '^[0-9a-f]{8}-[0-9a-f]{8} r-xp .*\[vdso\]$'
expect_output_line '^[0-9a-f]{8}-[0-9a-f]{8} r--p .*\[vvar\]$'
expect_output_line '^ffff0000-ffff1000 r-xp .*\[vectors\]$'
expect 'nothing is writable and executable' no_match 'rwx' "$work/out"

# An image of the wrong machine under its name, and one that is damaged: programs run without it.
cp "$VDSOKIT_BUILD/images/arm/vdso.so" "$work/damaged.so"
printf '\0' | dd of="$work/damaged.so" bs=1 seek=44 conv=notrunc status=none
boot --verbose --vdso "$work/damaged.so" "$narrow/probe-arm-musl-static" library 10
expect_status 0
expect_error_line '^/vdso32.so: refused by the rule .*; 32-bit programs run without a vDSO$'

# A CPU without AArch32.
boot --cpu a64fx "$narrow/probe-arm-musl-static" library 10
expect_status 126
boot --cpu a64fx true
expect_status 0
# And another one with it.
boot --cpu max "$narrow/narrow_state"
expect_all_checks_hold

finish

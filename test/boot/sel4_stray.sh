# A system call instruction that nobody has replaced, which the kernel takes for one of its own, is
# said with its address and ends that process, not the root task. No program is known to reach one:
# the root task is made to forget the pages that are mapped from files.
source "$(dirname "$0")/support.sh"
source "$(dirname "$0")/sel4_task.sh"

no_operation=d503201f
aarch64-linux-gnu-objdump -dC --no-show-raw-insn "$task" |
    awk '/^[0-9a-f]+ </ { here = /Memory::bring\(/ }
         here && /\tbl\t.*personality::make_code\(/ { sub(":", "", $1); print $1 }' |
    mapfile -t calls
((${#calls[@]} > 0)) || { echo 'FAILED: the calls to forget are not found'; exit 1; }
for call in "${calls[@]}"; do put $((16#$call)) $no_operation; done

boot --verbose "$programs/exit_by" status 0
expect_status 137
expect_error_line '^process 1: a system call instruction at 0x40[0-9a-f]{4} that was not replaced; it is killed$'
expect_error_line '^sel4: in use at the end: '

finish

# A fault of the root task itself, which no kernel reports to anybody, is said with its address and
# ends the machine with status 125: instructions that fault are put where a function of it begins.
source "$(dirname "$0")/support.sh"
source "$(dirname "$0")/sel4_task.sh"

# breaks FUNCTION WORD...: sets `address` to where they are now.
breaks() {
    aarch64-linux-gnu-nm -C "$task" | grep -F " $1(" | read -r address _
    address=$((16#$address))
    cp "$task" "$work/build/hosts/sel4/root_task.elf"
    put $address "${@:2}"
}
# says INSTRUCTION TEXT: at the function's first one or a later one, or at another address (0x...).
says() {
    local at=$1
    [[ $at == 0x* ]] || at=$(printf '0x%x' $((address + 4 * at)))
    boot sh -c 'while :; do :; done'
    expect_status 125
    expect_error_line "^root task panic: a fault of its own at $at: $2\$"
}

each_call=vdsokit::personality::on_system_call
breaks $each_call d2800109 f900013f # mov x9, #8; str xzr, [x9]
says 1 'no access to 0x8, syndrome 0x9200004[0-9a-f]'
breaks $each_call d2800209 d61f0120 # mov x9, #16; br x9
says 0x10 'no access to 0x10, syndrome 0x8200000[0-9a-f]'
breaks $each_call 00000000 # udf #0
says 0 'syndrome 0x2000000'
breaks $each_call d2800c87 d4000001 # mov x7, #100; svc #0
says 1 'a call that the kernel does not know'
breaks $each_call a9bf7bfd 17ffffff # stp x29, x30, [sp, #-16]!; b .-4: down to the guard page
says 0 'no access to 0x[0-9a-f]+, syndrome 0x9200004[0-9a-f]'
breaks 'vdsokit::sel4::(anonymous namespace)::help' 00000000
says 0 'syndrome 0x2000000'

finish

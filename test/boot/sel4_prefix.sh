# A seL4 install prefix that hosts/sel4 cannot use is refused when the build is configured, by the name
# of the file that is missing or of the kernel's option: sel4_prefix.sh check_prefix.cmake.
set -u
check=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# A prefix whose kernel has these options on, as gen_config.h lists them.
make_prefix() {
    rm -rf "$work/prefix"
    mkdir -p "$work/prefix/"{bin,support,libsel4/include/sel4,libsel4/include/kernel}
    touch "$work/prefix/bin/kernel.elf" "$work/prefix/support/"{kernel.dtb,platform_gen.yaml} \
        "$work/prefix/libsel4/include/sel4/sel4.h"
    {
        echo '#define CONFIG_ROOT_CNODE_SIZE_BITS  12'
        printf '#define CONFIG_%s  1\n' "$@"
    } > "$work/prefix/libsel4/include/kernel/gen_config.h"
}

# answers STATUS TEXT: what configuring says of the prefix.
answers() {
    local status=0
    cat > "$work/check.cmake" <<END
include("$check")
vdsokit_check_sel4_prefix("$work/prefix")
message("slots \${VDSOKIT_SEL4_SLOT_BITS}")
END
    cmake -P "$work/check.cmake" > "$work/out" 2>&1 || status=1
    if [[ $status == "$1" ]] && tr -s '\n ' '  ' < "$work/out" | grep -qF -- "$2"; then
        echo "ok: $2"
    else
        failures=$((failures + 1))
        echo "FAILED: $2"
        sed 's/^/  /' "$work/out"
    fi
}

usable=(ARCH_AARCH64 PLAT_QEMU_ARM_VIRT)
make_prefix "${usable[@]}" EXPORT_VCNT_USER
answers 0 'slots 12'
make_prefix "${usable[@]}" EXPORT_PCNT_USER
answers 0 'slots 12'
make_prefix "${usable[@]}"
answers 1 'refused: KernelArmExportVCNTUser or KernelArmExportPCNTUser must be ON'
make_prefix "${usable[@]}" EXPORT_VCNT_USER KERNEL_MCS
answers 1 'refused: KernelIsMCS must be OFF'
make_prefix "${usable[@]}" EXPORT_VCNT_USER ARM_HYPERVISOR_SUPPORT
answers 1 'refused: KernelArmHypervisorSupport must be OFF'
make_prefix "${usable[@]}" EXPORT_VCNT_USER ENABLE_SMP_SUPPORT
answers 1 'refused: KernelMaxNumNodes must be 1'
make_prefix ARCH_AARCH64 EXPORT_VCNT_USER
answers 1 'refused: KernelPlatform must be qemu-arm-virt'
make_prefix PLAT_QEMU_ARM_VIRT EXPORT_VCNT_USER
answers 1 'refused: KernelSel4Arch must be aarch64'
make_prefix "${usable[@]}" EXPORT_VCNT_USER
rm "$work/prefix/bin/kernel.elf"
answers 1 'bin/kernel.elf is missing'

((failures == 0))

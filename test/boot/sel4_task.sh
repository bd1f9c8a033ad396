# For tests that break the root task: a build folder whose root task they may change. Sourced after
# support.sh.
shopt -s lastpipe
task=$VDSOKIT_BUILD/hosts/sel4/root_task.elf

# The launcher finds the rest beside itself.
mkdir -p "$work/build/bin" "$work/build/hosts"
cp "$VDSOKIT_BUILD/bin/vdsokit-virt" "$work/build/bin"
cp -r "$VDSOKIT_BUILD/hosts/sel4" "$work/build/hosts"
ln -s "$VDSOKIT_BUILD/"{images,programs,sysroot} "$work/build"
export VDSOKIT_BUILD=$work/build

# Of the root task's only executable segment.
aarch64-linux-gnu-readelf -lW "$task" | awk '$1 == "LOAD" && /R E/ { print $2, $3 }' | read -r offset base

# put ADDRESS WORD...: in the place of what is there.
put() {
    local word bytes=''
    for word in "${@:2}"; do bytes+="\\x${word:6:2}\\x${word:4:2}\\x${word:2:2}\\x${word:0:2}"; done
    printf "$bytes" | dd of="$work/build/hosts/sel4/root_task.elf" bs=1 conv=notrunc status=none \
        seek=$(($1 - base + offset))
}

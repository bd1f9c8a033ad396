# SPDX-License-Identifier: BSD-2-Clause
# Sourced by tests that end supervisors: those of one tree alone, never another's.

# tree_processes PID NAME: the processes named NAME that hold the file of PID's tree.
tree_processes() {
    local inode comm
    inode=$(sed -n 's|.* \([0-9][0-9]*\) */memfd:vdsokit-vdso.*|\1|p' "/proc/$1/maps" | head -1)
    [ -n "$inode" ] || return
    for comm in $(grep -lsx "$2" /proc/[0-9]*/comm); do
        grep -qs " $inode */memfd:vdsokit-vdso" "${comm%/comm}/maps" && basename "${comm%/comm}"
    done
}

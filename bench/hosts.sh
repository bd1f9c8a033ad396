#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What clock reads, programs and booting cost on both guest hosts, in ns and in instructions of the
# whole machine (QEMU's -icount: one ns of the guest is one instruction). One run, both hosts by
# turns; hosts/sel4 needs SEL4_PREFIX at build time. bench/hosts.sh [BUILD]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${1:-build}
runs=${VDSOKIT_RUNS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure HOST OPTION...: appends "name value" lines to $work/HOST.KIND.
measure() {
    local host=$1 kind=$2
    shift 2
    "$build/bin/vdsokit-virt" --host "$host" "$@" "$build/programs/aarch64/costs" |
        sed -nE 's/^cost: name=([a-z_]+) ns=([0-9]+)$/\1 \2/p' >> "$work/$host.$kind"
}

for ((run = 0; run < runs; run++)); do
    for host in virt sel4; do measure "$host" ns; done
done
for host in virt sel4; do measure "$host" instructions --count-instructions; done

# The least of the runs: noise only adds.
least() { awk -v name="$2" '$1 == name && (!n++ || $2 < least) { least = $2 } END { print least }' "$work/$1"; }
printf '%-22s %14s %14s %14s %14s\n' '' 'virt ns' 'sel4 ns' 'virt instr.' 'sel4 instr.'
for name in clock_by_vdso clock_by_system_call exec_static fork_exec_exit_by_sh boot; do
    printf '%-22s %14s %14s %14s %14s\n' "$name" "$(least virt.ns "$name")" "$(least sel4.ns "$name")" \
        "$(least virt.instructions "$name")" "$(least sel4.instructions "$name")"
done

// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/injection.h"

#include <linux/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstring>

#include "abi/chain_page.h"
#include "hosts/linux/kernel_vdso.h"
#include "hosts/linux/process_maps.h"

namespace vdsokit::on_linux {

namespace {

// The table and what the prctl call points to lie this far below the stack pointer: inside the
// 128 KiB that exec gives the stack at once. [Linux fs/exec.c setup_arg_pages]
constexpr u64 below_stack = 24 * 1024;
constexpr u64 map_at = 1024;   // from the table, the prctl call's structure
constexpr u64 auxv_at = 2048;  // and its vector

constexpr BatchCall call(long number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0,
                         u64 f = 0) {
    return {static_cast<u64>(number), {a, b, c, d, e, f}, 0};
}

constexpr u64 unused_descriptor = ~u64{0};

}  // namespace

Failure Injection::prepare() {
    auto const registers = tracee_.registers();
    if (!registers) return Failure::because("it is not a program of this machine's word size");
    registers_ = *registers;
    auto const auxv = read_initial_auxv(tracee_, arch::tracee_sp(registers_));
    if (!auxv) return Failure::because("its stack is not as an exec leaves it");
    auxv_ = *auxv;
    kernel_vdso_ = auxv_.vdso();
    if (kernel_vdso_ == 0) return Failure::because("the kernel gives it no vDSO");
    auto const maps = read_maps(tracee_.thread());
    auto const room =
        room_below_vdso(maps, payload_.code_bytes + payload_.time_bytes + payload_.page_size);
    if (!room) return Failure::because("there is no room below the kernel's vDSO");
    base_ = *room;
    auto const mask = tracee_.signal_mask();
    if (!mask) return Failure::of_errno("its signal mask cannot be read");
    signal_mask_ = *mask;
    u64 const entry = arch::tracee_pc(registers_);
    if (!tracee_.read(entry, code_, sizeof code_))
        return Failure::of_errno("its entry point cannot be read");
    table_at_ = (arch::tracee_sp(registers_) - below_stack) & ~u64{63};
    return Failure::none();
}

Failure Injection::start() {
    if (Failure failure = prepare()) return failure;
    u64 const entry = arch::tracee_pc(registers_);
    calls_[mark_begin] = call(SYS_execve, 0, payload_.cookie);
    if (!tracee_.write(table_at_, calls_, sizeof calls_))
        return Failure::of_errno("its stack cannot be written");
    if (!tracee_.write(entry, arch::batch_code.data(), sizeof code_))
        return Failure::of_errno("its entry point cannot be written");
    arch::TraceeRegisters registers = registers_;
    arch::point_at_batch(registers, entry, table_at_);
    if (!tracee_.set_signal_mask(~u64{0}) || !tracee_.set_registers(registers) ||
        !tracee_.go_on()) {
        Failure const failure = Failure::of_errno("it cannot be made to map the image");
        restore();
        return failure;
    }
    return Failure::none();
}

Failure Injection::continue_with(int image_descriptor, int time_descriptor) {
    u64 const image = static_cast<u64>(image_descriptor);
    u64 const time = static_cast<u64>(time_descriptor);
    u64 const time_at = base_ + payload_.code_bytes;
    u64 const chain_at = time_at + payload_.time_bytes;
    calls_[map_code] = call(SYS_mmap, base_, payload_.code_bytes, PROT_READ | PROT_EXEC,
                            MAP_PRIVATE | MAP_FIXED_NOREPLACE, image, 0);
    calls_[map_time] = call(SYS_mmap, time_at, payload_.time_bytes, PROT_READ,
                            MAP_SHARED | MAP_FIXED_NOREPLACE, time, 0);
    calls_[map_chain] =
        call(SYS_mmap, chain_at, payload_.page_size, PROT_READ,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, unused_descriptor, 0);
    calls_[close_image] = call(SYS_close, image);
    calls_[close_time] = call(SYS_close, time);
    // /proc/PID/auxv and PR_GET_AUXV show a copy of their own, which only this call changes; where
    // it is refused they go on naming the kernel's image.
    calls_[set_auxv] = call(SYS_getpid);
    auto const entries = auxv_.with_vdso(base_);
    auto const layout = read_layout(tracee_.thread());
    u64 const auxv_bytes = entries.size() * sizeof(AuxEntry);
    if (layout && auxv_bytes <= below_stack - auxv_at - arch::red_zone) {
        prctl_mm_map map{};
        map.start_code = layout->start_code;
        map.end_code = layout->end_code;
        map.start_data = layout->start_data;
        map.end_data = layout->end_data;
        map.start_brk = map.brk = layout->start_brk;  // nothing has moved it yet
        map.start_stack = layout->start_stack;
        map.arg_start = layout->arg_start;
        map.arg_end = layout->arg_end;
        map.env_start = layout->env_start;
        map.env_end = layout->env_end;
        u64 const vector_at = table_at_ + auxv_at;
        std::memcpy(&map.auxv, &vector_at, sizeof vector_at);
        map.auxv_size = static_cast<u32>(auxv_bytes);
        map.exe_fd = ~u32{0};
        if (tracee_.write(table_at_ + map_at, &map, sizeof map) &&
            tracee_.write(vector_at, entries.data(), auxv_bytes))
            calls_[set_auxv] =
                call(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, table_at_ + map_at, sizeof map, 0);
    }
    calls_[mark_end] = call(SYS_execve, 0, payload_.cookie);
    if (!tracee_.write(table_at_ + sizeof(BatchCall), calls_ + 1,
                       sizeof calls_ - sizeof(BatchCall)))
        return Failure::of_errno("its stack cannot be written");
    return Failure::none();
}

Failure Injection::write_chain() const {
    KernelVdso const& kernel = KernelVdso::own();
    auto const in_process = [&](u64 offset) { return offset == 0 ? 0 : kernel_vdso_ + offset; };
    abi::ChainPage const chain{.magic = abi::chain_magic,
                               .clock_gettime = in_process(kernel.clock_gettime()),
                               .clock_getres = in_process(kernel.clock_getres()),
                               .getcpu = in_process(kernel.getcpu()),
                               .getrandom = in_process(kernel.getrandom())};
    u64 const at = base_ + payload_.code_bytes + payload_.time_bytes;
    if (!tracee_.write(at, &chain, sizeof chain))
        return Failure::of_errno("its chain page cannot be written");
    return Failure::none();
}

bool Injection::restore() const {
    u8 const zeros[below_stack - arch::red_zone]{};
    bool const table = tracee_.write(table_at_, zeros, sizeof zeros);
    bool const code = tracee_.write(arch::tracee_pc(registers_), code_, sizeof code_);
    bool const registers = tracee_.set_registers(registers_);
    bool const mask = tracee_.set_signal_mask(signal_mask_);
    return table && code && registers && mask;
}

Failure Injection::finish() {
    BatchCall done[call_count]{};
    bool const seen = tracee_.read(table_at_, done, sizeof done);
    if (!restore()) return Failure::of_errno("its state cannot be put back");
    if (!seen) return Failure::of_errno("its stack cannot be read");
    for (u32 at : {map_code, map_time, map_chain})
        if (failed(done[at])) {
            errno = static_cast<int>(-static_cast<i64>(done[at].result));
            return Failure::of_errno("it may not map the image");
        }
    if (Failure failure = write_chain()) return failure;
    if (!tracee_.write(auxv_.vdso_value_at(), &base_, sizeof base_))
        return Failure::of_errno("its auxiliary vector cannot be written");
    return Failure::none();
}

}  // namespace vdsokit::on_linux

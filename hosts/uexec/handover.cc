// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/handover.h"

#include <linux/futex.h>
#include <linux/prctl.h>
#include <linux/rseq.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>

#include "hosts/linux/process_maps.h"
#include "hosts/uexec/pointer.h"
#include "linux_start.h"

namespace vdsokit::uexec {

namespace {

// The kernel writes into this thread's control block until it is told not to; and a program whose
// libc registers its own is refused as long as ours is there.
void forget_restartable_sequences() {
    if (__rseq_size == 0) return;
    char* const area = static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset;
    // libc registers the structure of the kernel that it was built with.
    syscall(SYS_rseq, area, sizeof(struct rseq), RSEQ_FLAG_UNREGISTER, arch::rseq_signature);
}

void forget_thread() {
    syscall(SYS_set_robust_list, nullptr, sizeof(robust_list_head));
    syscall(SYS_set_tid_address, nullptr);
}

// In place of a mapping of a file, a copy of what it holds. Nothing of this program's may change in
// between: no allocation, and no call that fails.
void copy_in_place(on_linux::MappedRange const& range) {
    void* const old = pointer_to(range.begin);
    auto const size = static_cast<std::size_t>(range.end - range.begin);
    int rights = range.access[0] == 'r' ? PROT_READ : PROT_NONE;
    if (range.access[1] == 'w') rights |= PROT_WRITE;
    if (range.access[2] == 'x') rights |= PROT_EXEC;
    void* const copy =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (copy == MAP_FAILED) return;
    if (rights != PROT_NONE) std::memcpy(copy, old, size);
    __builtin___clear_cache(static_cast<char*>(copy), static_cast<char*>(copy) + size);
    if (mprotect(copy, size, rights) != 0 ||
        mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, old) == MAP_FAILED)
        munmap(copy, size);
}

void detach_from_own_file() {
    char own[PATH_MAX]{};
    if (readlink("/proc/self/exe", own, sizeof own - 1) < 0) return;
    auto const maps = on_linux::read_maps(getpid());
    for (auto const& range : maps)
        if (range.name == own) copy_in_place(range);
}

bool set_memory_map(prctl_mm_map const& map) {
    return prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0) == 0;
}

// For ps, /proc/self/auxv and /proc/self/exe. The last is for whoever may (CAP_CHECKPOINT_RESTORE),
// and while this program's own file is mapped for nobody. A kernel or an emulator that refuses all
// of it goes on naming this program.
void show_program(int file, kit::InitialStack const& stack) {
    auto layout = on_linux::read_layout(getpid());
    if (!layout) return;
    unsigned long words[2 * kit::Auxv::capacity]{};
    unsigned at = 0;
    for (u64 index = 0; index < stack.auxv().size(); ++index) {
        words[at++] = static_cast<unsigned long>(stack.auxv()[index].type);
        words[at++] = static_cast<unsigned long>(stack.auxv()[index].value);
    }
    at += 2;  // AT_NULL
    layout->start_stack = stack.stack_pointer().value;
    layout->arg_start = stack.arguments_start().value;
    layout->arg_end = layout->env_start = stack.environment_start().value;
    layout->env_end = stack.environment_end().value;
    prctl_mm_map map =
        on_linux::mm_map_of(*layout, reinterpret_cast<std::uintptr_t>(words), at * sizeof words[0]);
    map.brk = reinterpret_cast<std::uintptr_t>(sbrk(0));
    map.exe_fd = static_cast<u32>(file);
    if (set_memory_map(map)) return;
    if (errno == EBUSY) {
        detach_from_own_file();
        map.brk = reinterpret_cast<std::uintptr_t>(sbrk(0));
        if (set_memory_map(map)) return;
    }
    map.exe_fd = ~u32{0};
    static_cast<void>(set_memory_map(map));
}

}  // namespace

void leave_process(std::string const& path, int file, kit::InitialStack const& stack) {
    show_program(file, stack);
    close(file);
    forget_restartable_sequences();
    forget_thread();
    // The last call of ours: a trace of system calls is the program's from here on.
    prctl(PR_SET_NAME, path.c_str() + (path.rfind('/') + 1));
}

}  // namespace vdsokit::uexec

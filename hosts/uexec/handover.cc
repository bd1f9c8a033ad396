// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/handover.h"

#include <linux/futex.h>
#include <linux/prctl.h>
#include <linux/rseq.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hosts/linux/process_maps.h"
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

// For ps and /proc/self/auxv; a kernel that refuses it goes on naming this program, which no
// program has been seen to mind.
void show_arguments(kit::InitialStack const& stack) {
    auto const layout = on_linux::read_layout(getpid());
    if (!layout) return;
    unsigned long words[2 * kit::Auxv::capacity]{};
    unsigned at = 0;
    for (u64 index = 0; index < stack.auxv().size(); ++index) {
        words[at++] = static_cast<unsigned long>(stack.auxv()[index].type);
        words[at++] = static_cast<unsigned long>(stack.auxv()[index].value);
    }
    at += 2;  // AT_NULL
    prctl_mm_map map{};
    map.start_code = layout->start_code;
    map.end_code = layout->end_code;
    map.start_data = layout->start_data;
    map.end_data = layout->end_data;
    map.start_brk = layout->start_brk;
    map.brk = reinterpret_cast<std::uintptr_t>(sbrk(0));
    map.start_stack = stack.stack_pointer().value;
    map.arg_start = stack.arguments_start().value;
    map.arg_end = map.env_start = stack.environment_start().value;
    map.env_end = stack.environment_end().value;
    map.auxv = reinterpret_cast<decltype(map.auxv)>(words);
    map.auxv_size = static_cast<u32>(at * sizeof words[0]);
    map.exe_fd = ~u32{0};
    prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0);
}

}  // namespace

void leave_process(std::string const& path, kit::InitialStack const& stack) {
    show_arguments(stack);
    forget_restartable_sequences();
    forget_thread();
    // The last call of ours: a trace of system calls is the program's from here on.
    prctl(PR_SET_NAME, path.c_str() + (path.rfind('/') + 1));
}

}  // namespace vdsokit::uexec

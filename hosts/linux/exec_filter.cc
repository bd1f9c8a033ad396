// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/exec_filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <vector>

#include "linux_audit.h"

#include "hosts/linux/seccomp_numbers.h"

namespace vdsokit::on_linux {

namespace {

sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<u32>(offset));
}

// Numbers have a meaning only together with the calling convention. The kernel runs this for no
// call but the few numbers whose answer depends on it: the others' it knows beforehand.
std::vector<sock_filter> exec_filter() {
    std::vector<sock_filter> code;
    for (arch::ExecCall const& exec : arch::exec_calls) {
        code.push_back(load(offsetof(seccomp_data, arch)));
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, exec.audit_architecture, 0, 3));
        code.push_back(load(offsetof(seccomp_data, nr)));
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, exec.number, 0, 1));
        code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF));
    }
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return code;
}

}  // namespace

InstalledFilter install_exec_filter() {
    auto code = exec_filter();
    sock_fprog const program{static_cast<unsigned short>(code.size()), code.data()};
    unsigned long const flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | wait_killable;
    auto const install = [&] {
        return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
    };
    int listener = install();
    if (listener < 0 && errno == EACCES) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return {Descriptor(), Failure::of_errno("PR_SET_NO_NEW_PRIVS"), false};
        listener = install();
    }
    if (listener >= 0) return {Descriptor(listener), Failure::none(), false};
    if (errno == EBUSY) return {Descriptor(), Failure::because("another listener in place"), true};
    char const* const what =
        errno == EINVAL ? "the kernel is older than 5.19, or has no seccomp user notification"
                        : "seccomp";
    return {Descriptor(), Failure::of_errno(what), false};
}

}  // namespace vdsokit::on_linux

// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "arch/types.h"
#include "tool/launch/failure.h"

namespace vdsokit::launch {

namespace {

constexpr char const* emulator = "qemu-system-aarch64";

Failure system_failure(char const* what) {
    return {status_host_failure, fmt::format("{}: {}", what, std::strerror(errno))};
}

// Files in memory, named only by descriptors, so that nothing is left behind however this ends.
Descriptor memory_file(char const* name, std::string_view contents) {
    Descriptor file(::memfd_create(name, 0));
    if (!file) throw system_failure("memfd_create");
    while (!contents.empty()) {
        ssize_t const written = ::write(file.number(), contents.data(), contents.size());
        if (written < 0) throw system_failure("the initial file system");
        contents.remove_prefix(static_cast<std::size_t>(written));
    }
    return file;
}

std::string open_file_path(Descriptor const& file) {
    return fmt::format("/proc/self/fd/{}", file.number());
}

std::vector<std::string> emulator_command(MachineSetup const& setup, int console) {
    return {emulator,
            "-nodefaults",
            "-no-user-config",
            "-no-reboot",
            "-machine",
            setup.enters_at_el2 ? "virt,gic-version=2,virtualization=on" : "virt,gic-version=2",
            "-accel",
            "tcg",
            "-cpu",
            setup.cpu,
            "-m",
            setup.memory,
            "-display",
            "none",
            "-monitor",
            "none",
            "-nic",
            "none",
            "-chardev",
            fmt::format("socket,id=console,fd={}", console),
            "-serial",
            "chardev:console",
            "-kernel"};
}

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become_emulator(std::vector<char*> const& argv, int complaints, pid_t parent) {
    // A session of its own: the terminal's ^C is for the program in the guest.
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(status_host_failure);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    int const nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(complaints, STDERR_FILENO);
    ::execvp(argv[0], argv.data());
    constexpr std::string_view text = "cannot be executed; is qemu-system-arm installed?\n";
    [[maybe_unused]] ssize_t const ignored = ::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(status_host_failure);
}

}  // namespace

Machine::Machine(MachineSetup const& setup) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
        throw system_failure("socketpair");
    console_ = Descriptor(ends[0]);
    Descriptor const far_end(ends[1]);
    ::fcntl(console_.number(), F_SETFD, FD_CLOEXEC);
    bool const is_one_file = setup.kernel.empty();
    Descriptor const file = memory_file("files", is_one_file ? setup.boot_file : setup.archive);
    complaints_ = memory_file("complaints", {});

    std::vector<std::string> command = emulator_command(setup, far_end.number());
    if (setup.count_instructions)
        command.insert(command.end() - 1, {"-icount", "shift=0,sleep=off"});
    if (is_one_file)
        command.push_back(open_file_path(file));
    else
        command.insert(command.end(), {setup.kernel, "-initrd", open_file_path(file), "-append",
                                       setup.boot_words});
    std::vector<char*> argv;
    argv.reserve(command.size() + 1);
    for (std::string& word : command) argv.push_back(word.data());
    argv.push_back(nullptr);

    pid_t const parent = ::getpid();
    process_ = ::fork();
    if (process_ < 0) throw system_failure("fork");
    if (process_ == 0) become_emulator(argv, complaints_.number(), parent);
}

Machine::~Machine() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {}
}

std::string Machine::complaints() const {
    struct stat status;
    if (::fstat(complaints_.number(), &status) != 0 || status.st_size == 0) return {};
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    ssize_t const count = ::pread(complaints_.number(), text.data(), text.size(), 0);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
}

}  // namespace vdsokit::launch

// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/launch.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "hosts/linux/counter_source.h"
#include "hosts/linux/exec_filter.h"
#include "hosts/linux/kernel_vdso.h"
#include "hosts/linux/pass_descriptor.h"
#include "hosts/linux/supervisor_process.h"
#include "hosts/linux/tree_file.h"
#include "kit/image/image.h"

namespace vdsokit::on_linux {

namespace {

// Forks twice, so that the supervisor is nobody's child and the program has no child it does not
// know of.
Failure start_supervisor(SupervisorStart const& start) {
    pid_t const between = fork();
    if (between < 0) return Failure::of_errno("fork");
    if (between == 0) {
        pid_t const supervisor = fork();
        if (supervisor == 0) run_supervisor_process(start);
        _exit(supervisor < 0 ? 1 : 0);
    }
    int status = 0;
    while (waitpid(between, &status, 0) < 0 && errno == EINTR) continue;
    if (status != 0) return Failure::because("fork: the supervisor cannot be started");
    return Failure::none();
}

// A descriptor of ours must not get the number of a standard stream that the caller closed: the
// supervisor replaces those. What stands in is close-on-exec, so that the program finds them closed.
void stand_in_for_closed_streams() {
    for (int stream = 0; stream < 3; ++stream)
        if (fcntl(stream, F_GETFD) < 0) open("/dev/null", O_RDWR | O_CLOEXEC);
}

LaunchFailure failed(Failure failure) { return {std::move(failure), 0}; }

// Where Yama lets only ancestors attach, nobody but root can be what we need. [Linux
// Documentation/admin-guide/LSM/Yama.rst]
Failure yama_refusal() {
    int scope = 0;
    std::ifstream("/proc/sys/kernel/yama/ptrace_scope") >> scope;
    if (scope == 0 || (scope < 3 && geteuid() == 0)) return Failure::none();
    return Failure::because("kernel.yama.ptrace_scope is " + std::to_string(scope) +
                            (scope < 3 ? ": only root may attach to programs here"
                                       : ": nobody may attach to programs here"));
}

LaunchFailure become(std::string const& program, std::vector<std::string> const& arguments) {
    std::vector<char*> pointers;
    pointers.reserve(arguments.size() + 1);
    for (std::string const& argument : arguments)
        pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    // Whatever of ours is open is close-on-exec: the program gets none of it.
    execv(program.c_str(), pointers.data());
    int const error = errno;
    return {Failure::of_errno(program), error};
}

}  // namespace

LaunchFailure launch(LaunchOptions const& options, std::string const& program,
                     std::vector<std::string> const& arguments) {
    auto const image = kit::open_image(options.image);
    if (!image) return failed(Failure::because("the image is refused"));
    u64 const cpu_page = static_cast<u64>(sysconf(_SC_PAGESIZE));
    u64 const page_bytes = image.value().page_size();
    if (page_bytes % cpu_page != 0)
        return failed(Failure::because("the image is for smaller pages than this machine has"));
    if (Failure failure = yama_refusal()) return failed(failure);
    if (options.source == ClockSource::counter)
        if (Failure failure = counter_refusal())
            return failed(Failure::because("--clock-source tsc: " + failure.reason()));

    stand_in_for_closed_streams();
    TreeFile file;
    u64 const code_bytes = image.value().code_size();
    // Looked at once, before the first exec. The image is to lie right in front of it.
    KernelVdso const& kernel = KernelVdso::own();
    if (Failure failure = file.create(image.value().file().part(0, code_bytes),
                                      {page_bytes, cpu_page, SharedClock::page_count},
                                      kernel.chain_page_at(-(kernel.data_below() + cpu_page))))
        return failed(failure);
    SharedClock clock;
    if (Failure failure = clock.start(file, options.source, options.offset)) return failed(failure);
    ExecListener listener;
    if (Failure failure = listener.prepare()) return failed(failure);
    u64 cookie = 0;
    if (getrandom(&cookie, sizeof cookie, 0) != sizeof cookie)
        return failed(Failure::of_errno("getrandom"));
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return failed(Failure::of_errno("socketpair"));
    Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);

    SupervisorStart const start{.channel = theirs.number(),
                                .program_end = ours.number(),
                                .tree = file.inode(),
                                .payload = {.file = file.file(),
                                            .code_bytes = code_bytes,
                                            .page_bytes = page_bytes,
                                            .cpu_page = cpu_page,
                                            .cookie = cookie},
                                .listener = listener,
                                .clock = clock,
                                .verbose = options.verbose};
    if (Failure failure = start_supervisor(start)) return failed(failure);
    theirs.close();

    InstalledFilter const filter = install_exec_filter();
    if (filter.is_taken) {
        dprintf(STDERR_FILENO, "vdsokit: pid %d: %s runs without our vDSO: %s\n", getpid(),
                program.c_str(), filter.failure.reason().c_str());
        return become(program, arguments);
    }
    if (filter.failure) return failed(filter.failure);
    if (!send_descriptor(ours.number(), filter.listener.number()) || !await_ready(ours.number()))
        return failed(Failure::because("the supervisor did not start"));
    return become(program, arguments);
}

}  // namespace vdsokit::on_linux

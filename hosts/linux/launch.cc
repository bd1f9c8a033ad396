// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/launch.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hosts/linux/exec_filter.h"
#include "hosts/linux/pass_descriptor.h"
#include "hosts/linux/supervisor_process.h"
#include "kit/image/image.h"

namespace vdsokit::on_linux {

namespace {

// The code pages alone, in a file that nobody can change any more.
Failure make_image_file(kit::Image const& image, Descriptor& file) {
    file = Descriptor(memfd_create("vdsokit-vdso", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file) return Failure::of_errno("memfd_create");
    auto const size = static_cast<std::size_t>(image.code_size());
    if (write(file.number(), image.file().data(), size) != static_cast<ssize_t>(size))
        return Failure::of_errno("writing the image");
    if (fcntl(file.number(), F_ADD_SEALS,
              F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return Failure::of_errno("sealing the image");
    return Failure::none();
}

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

LaunchFailure failed(Failure failure) { return {std::move(failure), 0}; }

}  // namespace

LaunchFailure launch(LaunchOptions const& options, std::string const& program,
                     std::vector<std::string> const& arguments) {
    auto const image = kit::open_image(options.image);
    if (!image) return failed(Failure::because("the image is refused"));
    u64 const page_size = static_cast<u64>(sysconf(_SC_PAGESIZE));
    if (image.value().page_size() % page_size != 0)
        return failed(Failure::because("the image is for smaller pages than this machine has"));

    SharedClock clock;
    if (Failure failure = clock.create(image.value().page_size(), options.offset))
        return failed(failure);
    Descriptor image_file;
    if (Failure failure = make_image_file(image.value(), image_file)) return failed(failure);
    u64 cookie = 0;
    if (getrandom(&cookie, sizeof cookie, 0) != sizeof cookie)
        return failed(Failure::of_errno("getrandom"));
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return failed(Failure::of_errno("socketpair"));
    Descriptor ours(ends[0]);
    Descriptor theirs(ends[1]);

    SupervisorStart const start{.channel = theirs.number(),
                                .payload = {.image_file = image_file.number(),
                                            .time_file = clock.file(),
                                            .code_bytes = image.value().code_size(),
                                            .time_bytes = image.value().page_size(),
                                            .page_size = page_size,
                                            .cookie = cookie},
                                .clock = clock,
                                .verbose = options.verbose};
    if (Failure failure = start_supervisor(start)) return failed(failure);
    theirs.close();

    InstalledFilter const filter = install_exec_filter();
    if (filter.failure) return failed(filter.failure);
    if (!send_descriptor(ours.number(), filter.listener.number()) || !await_ready(ours.number()))
        return failed(Failure::because("the supervisor did not start"));

    std::vector<char*> pointers;
    for (std::string const& argument : arguments)
        pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    // The listener is close-on-exec like everything else of ours: the program gets none of it.
    execv(program.c_str(), pointers.data());
    int const error = errno;
    return {Failure::of_errno(program), error};
}

}  // namespace vdsokit::on_linux

// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace vdsokit::launch {

Signals::Signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH}) ::sigaddset(&set, signal);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    descriptor_ = Descriptor(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

int Signals::take() const {
    signalfd_siginfo info;
    ssize_t const count = ::read(descriptor_.number(), &info, sizeof info);
    return count == static_cast<ssize_t>(sizeof info) ? static_cast<int>(info.ssi_signo) : 0;
}

}  // namespace vdsokit::launch

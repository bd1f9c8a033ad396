// SPDX-License-Identifier: BSD-2-Clause
#include "bench/linux_host/worker.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace vdsokit::bench {

namespace {

char const* noop = nullptr;
char* const no_environment[] = {nullptr};

void wait_for(pid_t child) {
    int status = 0;
    if (child <= 0 || waitpid(child, &status, 0) != child || status != 0) {
        std::fputs("worker: a child failed\n", stderr);
        std::exit(1);
    }
}

void spawn_once() {
    pid_t child = -1;
    char* const arguments[] = {const_cast<char*>(noop), nullptr};
    if (posix_spawn(&child, noop, nullptr, nullptr, arguments, no_environment) != 0) child = -1;
    wait_for(child);
}

void fork_exec_once() {
    pid_t const child = fork();
    if (child == 0) {
        char* const arguments[] = {const_cast<char*>(noop), nullptr};
        execve(noop, arguments, no_environment);
        _exit(127);
    }
    wait_for(child);
}

void fork_once() {
    pid_t const child = fork();
    if (child == 0) _exit(0);
    wait_for(child);
}

void thread_once() {
    pthread_t thread;
    auto const body = [](void*) -> void* { return nullptr; };
    if (pthread_create(&thread, nullptr, body, nullptr) == 0) pthread_join(thread, nullptr);
}

void signal_once() { raise(SIGUSR1); }

void call_once() { syscall(SYS_getppid); }

template <clockid_t Clock>
void clock_once() {
    timespec now;
    clock_gettime(Clock, &now);
}

struct Operation {
    char const* name;
    void (*once)();
};
constexpr Operation operations[] = {
    {"exec", fork_exec_once},
    {"spawn", spawn_once},
    {"fork", fork_once},
    {"thread", thread_once},
    {"signal", signal_once},
    {"call", call_once},
    {"realtime", clock_once<CLOCK_REALTIME>},
    {"monotonic", clock_once<CLOCK_MONOTONIC>},
};

// libfaketime replaces clock_gettime, not the system call.
u64 now() {
    timespec time{};
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
    return static_cast<u64>(time.tv_sec) * 1'000'000'000 + static_cast<u64>(time.tv_nsec);
}

}  // namespace

int serve(char const* noop_program) {
    noop = noop_program;
    signal(SIGUSR1, [](int) {});
    char name[32];
    unsigned long count = 0;
    while (std::scanf("%31s %lu", name, &count) == 2) {
        void (*once)() = nullptr;
        for (Operation const& operation : operations)
            if (std::strcmp(operation.name, name) == 0) once = operation.once;
        if (once == nullptr) return 2;
        u64 const begin = now();
        for (unsigned long at = 0; at < count; ++at) once();
        std::printf("%llu\n", static_cast<unsigned long long>(now() - begin));
        std::fflush(stdout);
    }
    return 0;
}

bool stay_here() {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &here);
    return sched_setaffinity(0, sizeof here, &here) == 0;
}

Worker::Worker(std::vector<std::string> const& command) {
    int down[2];
    int up[2];
    // Closed in the workers that are started after this one: they would keep its input open.
    if (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
        dup2(down[0], 0);
        dup2(up[1], 1);
        std::vector<char*> arguments;
        for (std::string const& argument : command)
            arguments.push_back(const_cast<char*>(argument.c_str()));
        arguments.push_back(nullptr);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    close(down[0]);
    close(up[1]);
    to_ = down[1];
    from_ = up[0];
}

Worker::~Worker() {
    close(to_);
    close(from_);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
}

double Worker::measure(std::string const& operation, u64 count) {
    std::string const request = operation + " " + std::to_string(count) + "\n";
    if (write(to_, request.data(), request.size()) != static_cast<ssize_t>(request.size()))
        return -1;
    std::string answer;
    for (char byte = 0; read(from_, &byte, 1) == 1 && byte != '\n';) answer += byte;
    if (answer.empty()) return -1;
    return std::strtod(answer.c_str(), nullptr) / static_cast<double>(count);
}

}  // namespace vdsokit::bench

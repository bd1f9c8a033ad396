// SPDX-License-Identifier: BSD-2-Clause
// random-image IMAGE NAME TEST: one test of the image's getrandom, exported as NAME, on its own CPU
// and over the running kernel's system call. Silent and status 0, or one line that says what was
// wrong.
//   unpublished   without a promise the probe fails and calls are the system call
//   probe         the probe says what the host published
//   refused       mistakes get the answers that Linux gives
//   stream        the bytes are those of the state's key, and the key is replaced
//   lengths       any length up to two pages, at any place of the buffer: written whole, no repeats
//   offsets       a state at any place of a page
//   signals       handlers that interrupt calls get bytes of their own
//   fork          parent and child go separate ways
//   generation    another seed of the host asks for another key
//   secrets       nothing that is still to be given out is on the stack or in a register
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <string>
#include <unordered_set>
#include <vector>

#include "kit/random/random_publisher.h"
#include "test/support/chacha20.h"
#include "test/vdso/guest/mapped_image.h"
#include "test/vdso/guest/random/secrets.h"

namespace vdsokit::test {
namespace {

using RandomFunction = ssize_t(void*, size_t, unsigned, void*, size_t);
constexpr u64 page_bytes = 4096;
constexpr u64 state_bytes = sizeof(abi::RandomState);

struct Subject {
    MappedImage const& mapped;
    RandomFunction* getrandom;
    kit::RandomPublisher publisher;

    void publish() {
        publisher.attach(mapped.page());
        publisher.reseeded();
        if (!publisher.publish({})) fail("the promise is refused");
    }
};

// Two pages, zero at first, and zero again in a child.
u8* new_pages() {
    void* const pages =
        mmap(nullptr, 2 * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) fail("no memory");
    return static_cast<u8*>(pages);
}

abi::RandomState& state_at(u8* place) { return *reinterpret_cast<abi::RandomState*>(place); }

void draw(Subject& subject, u8* to, u64 size, u8* state) {
    ssize_t const got = subject.getrandom(to, size, 0, state, state_bytes);
    if (got != static_cast<ssize_t>(size))
        fail("%lu bytes: %ld", static_cast<unsigned long>(size), static_cast<long>(got));
}

// No 16 bytes of it were seen before, and its bits are about even.
class Sieve {
public:
    void add(u8 const* bytes, u64 size) {
        for (u64 at = 0; at + 16 <= size; at += 16)
            if (!seen_.insert(std::string(reinterpret_cast<char const*>(bytes) + at, 16)).second)
                fail("16 bytes came twice");
        for (u64 at = 0; at < size; ++at) ones_ += static_cast<u64>(std::popcount(bytes[at]));
        bits_ += 8 * size;
    }
    // Eight standard deviations: once in 10^15 runs by chance.
    void expect_even() const {
        double const off = 2.0 * static_cast<double>(ones_) - static_cast<double>(bits_);
        if (off * off > 64.0 * static_cast<double>(bits_))
            fail("%lu of %lu bits are set", static_cast<unsigned long>(ones_),
                 static_cast<unsigned long>(bits_));
    }

private:
    std::unordered_set<std::string> seen_;
    u64 ones_ = 0;
    u64 bits_ = 0;
};

void unpublished(Subject& subject) {
    subject.mapped.seal();
    abi::RandomParameters parameters{};
    ssize_t const probed = subject.getrandom(nullptr, 0, 0, &parameters, ~size_t{0});
    if (probed != -ENOSYS) fail("the probe answers %ld", static_cast<long>(probed));
    Sieve sieve;
    u8* const pages = new_pages();
    for (int i = 0; i < 100; ++i) {
        u8 bytes[256] = {};
        draw(subject, bytes, sizeof(bytes), pages);
        sieve.add(bytes, sizeof(bytes));
        if (subject.getrandom(bytes, 16, 0, nullptr, 0) != 16) fail("no state, no bytes");
        sieve.add(bytes, 16);
    }
    sieve.expect_even();
    if (state_at(pages).generation != 0) fail("a state was used");
    u8 byte;
    if (subject.getrandom(&byte, 1, 0xff00, pages, state_bytes) != -EINVAL)
        fail("unknown flags are not the kernel's to refuse");
}

void probe(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    abi::RandomParameters parameters;
    std::memset(&parameters, 0xff, sizeof(parameters));
    if (subject.getrandom(nullptr, 0, 0, &parameters, ~size_t{0}) != 0) fail("the probe fails");
    abi::RandomParameters const expected{
        .state_bytes = 144, .map_protection = 3, .map_flags = 0x28, .reserved = {}};
    if (std::memcmp(&parameters, &expected, sizeof(expected)) != 0) fail("the answer differs");
}

void refused(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    u8* const pages = new_pages();
    u8 bytes[8];
    for (u64 const at : {page_bytes - state_bytes + 1, page_bytes - 1})
        if (subject.getrandom(bytes, 8, 0, pages + at, state_bytes) != -EFAULT)
            fail("a state across two pages is accepted");
    if (subject.getrandom(bytes, 8, 0x10, pages, state_bytes) != -EINVAL)
        fail("an unknown flag is accepted");
    if (subject.getrandom(bytes, 8, 6, pages, state_bytes) != 8)
        fail("flags that contradict each other are looked at before the state");
    if (subject.getrandom(bytes, 8, 0, pages + 256, 96) != 8) fail("another size is not answered");
    if (state_at(pages + 256).generation != 0) fail("a state of another size was used");
    if (subject.getrandom(bytes, 0, 0, pages, state_bytes) != 0) fail("nothing is too much");
}

// The state as if the kernel had given this key.
void give_key(Subject& subject, abi::RandomState& state, u64 seed) {
    state = {};
    for (u64 i = 0; i < 32; ++i)
        state.key[i] = static_cast<u8>(seed * 59 + i * 7 + (i * i >> 3) + 1);
    state.generation = subject.publisher.generation();
    state.position = abi::random_batch_bytes;
}

void stream(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    abi::RandomState& state = state_at(new_pages());
    for (u64 size = 1; size <= 1100; ++size) {
        give_key(subject, state, size);
        std::vector<u8> expected(size / 64 * 64 + 128);
        chacha20_blocks(expected.data(), state.key, 0, expected.size() / 64);
        std::vector<u8> bytes(size);
        draw(subject, bytes.data(), size, reinterpret_cast<u8*>(&state));
        if (std::memcmp(bytes.data(), expected.data(), size) != 0)
            fail("%lu bytes are not the key's", static_cast<unsigned long>(size));
        if (std::memcmp(state.key, expected.data() + expected.size() - 32, 32) != 0)
            fail("%lu bytes leave another key", static_cast<unsigned long>(size));
        // What is left of the batch comes next, and what is gone is gone.
        u64 const used = size % 64;
        for (u64 at = 0; at < used; ++at)
            if (state.batch[at] != 0) fail("byte %lu was kept", static_cast<unsigned long>(at));
        u8 rest[96];
        u64 const left = 96 - used;
        draw(subject, rest, left, reinterpret_cast<u8*>(&state));
        if (std::memcmp(rest, expected.data() + size / 64 * 64 + used, left) != 0)
            fail("after %lu bytes the batch is another", static_cast<unsigned long>(size));
    }
}

void lengths(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    u8* const state = new_pages();
    Sieve sieve;
    std::vector<u8> room(2 * page_bytes + 64);
    for (u64 size = 0; size <= 2 * page_bytes; size += size < 300 ? 1 : 37) {
        u64 const at = 16 + size % 9;
        std::fill(room.begin(), room.end(), u8{0xab});
        draw(subject, room.data() + at, size, state);
        for (u64 i = 0; i < room.size(); ++i)
            if ((i < at || i >= at + size) && room[i] != 0xab)
                fail("byte %lu was written", static_cast<unsigned long>(i));
        sieve.add(room.data() + at, size);
    }
    sieve.expect_even();
}

void offsets(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    u8* const pages = new_pages();
    Sieve sieve;
    for (u64 at = 0; at <= page_bytes - state_bytes; at += 8) {
        state_at(pages + at) = {};
        u8 bytes[224];
        draw(subject, bytes, sizeof(bytes), pages + at);
        draw(subject, bytes, 112, pages + at);
        sieve.add(bytes, sizeof(bytes));
    }
    sieve.expect_even();
}

struct {
    Subject* subject;
    u8* state;
    u8 bytes[4096][16];
    volatile sig_atomic_t count;
    volatile sig_atomic_t inside;
} handled;

void on_signal(int) {
    if (handled.count == 4096) return;
    if (state_at(handled.state).in_use != 0) handled.inside = handled.inside + 1;
    if (handled.subject->getrandom(handled.bytes[handled.count], 16, 0, handled.state,
                                   state_bytes) == 16)
        handled.count = handled.count + 1;
}

void signals(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    handled.subject = &subject;
    handled.state = new_pages();
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigaction(SIGALRM, &action, nullptr);
    itimerval const often{{0, 200}, {0, 200}};
    setitimer(ITIMER_REAL, &often, nullptr);
    Sieve sieve;
    std::vector<u8> bytes(8 * page_bytes);
    // Long calls, so that signals arrive inside them.
    for (int i = 0; i < 20'000 && (i < 300 || handled.inside < 20); ++i) {
        draw(subject, bytes.data(), bytes.size(), handled.state);
        if (i < 300) sieve.add(bytes.data(), bytes.size());
    }
    itimerval const never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    if (handled.inside == 0) fail("no signal arrived inside a call");
    for (int i = 0; i < handled.count; ++i) sieve.add(handled.bytes[i], 16);
    sieve.expect_even();
    if (state_at(handled.state).in_use != 0) fail("the state is still in use");
}

void fork_test(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    u8* const state = new_pages();
    bool const wipes = madvise(state, 2 * page_bytes, MADV_WIPEONFORK) == 0;
    Sieve sieve;
    u8 bytes[64];
    draw(subject, bytes, 40, state);
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        if (pipe(ends) != 0) fail("no pipe");
        pid_t const child = fork();
        if (child == 0) {
            // Where the kernel below does not know how: what it would have done.
            if (!wipes || state_at(state).generation != 0) state_at(state) = {};
            draw(subject, bytes, 64, state);
            _exit(write(ends[1], bytes, 64) == 64 ? 0 : 1);
        }
        u8 of_child[64];
        if (read(ends[0], of_child, 64) != 64) fail("the child says nothing");
        waitpid(child, nullptr, 0);
        close(ends[0]);
        close(ends[1]);
        draw(subject, bytes, 64, state);
        sieve.add(bytes, 64);
        sieve.add(of_child, 64);
    }
}

void generation(Subject& subject) {
    subject.publish();
    abi::RandomState& state = state_at(new_pages());
    u8 bytes[16];
    for (u64 round = 1; round <= 100; ++round) {
        draw(subject, bytes, 16, reinterpret_cast<u8*>(&state));
        if (state.generation != round)
            fail("the state's generation is %lu, not %lu",
                 static_cast<unsigned long>(state.generation), static_cast<unsigned long>(round));
        if (state.position != 16) fail("the old batch is still in use");
        subject.publisher.reseeded();
    }
    subject.publisher.withdraw();
    abi::RandomState const before = state;
    draw(subject, bytes, 16, reinterpret_cast<u8*>(&state));
    if (std::memcmp(&before, &state, sizeof(state)) != 0) fail("it goes on after a withdrawal");
}

void secrets(Subject& subject) {
    subject.publish();
    subject.mapped.seal();
    u8* const place = new_pages();
    abi::RandomState& state = state_at(place);
    for (u64 const size : {1, 16, 40, 96, 97, 160, 224, 1000}) {
        give_key(subject, state, size);
        u8 old_key[32];
        std::memcpy(old_key, state.key, sizeof(old_key));
        std::vector<u8> bytes(size);
        call_and_keep(reinterpret_cast<void const*>(subject.getrandom),
                      {reinterpret_cast<u64>(bytes.data()), size, 0, reinterpret_cast<u64>(place),
                       state_bytes});
        if (stack_used() == 0) fail("the stack was not seen");
        expect_gone({old_key, sizeof(old_key)}, "the key");
        expect_gone({state.key, sizeof(state.key)}, "the next key");
        expect_gone({state.batch, sizeof(state.batch)}, "the batch");
        if (size > 64) expect_gone({bytes.data(), 64}, "what was given out");
    }
}

struct Test {
    char const* name;
    void (*run)(Subject&);
};
constexpr Test tests[] = {
    {"unpublished", unpublished}, {"probe", probe},     {"refused", refused}, {"stream", stream},
    {"lengths", lengths},         {"offsets", offsets}, {"signals", signals}, {"fork", fork_test},
    {"generation", generation},   {"secrets", secrets}};

}  // namespace
}  // namespace vdsokit::test

int main(int argc, char** argv) {
    using namespace vdsokit::test;
    if (argc != 4) fail("usage: random-image IMAGE NAME TEST");
    MappedImage const image(argv[1]);
    Subject subject{image, image.find<RandomFunction>(argv[2]), {}};
    for (Test const& test : tests) {
        if (std::strcmp(test.name, argv[3]) != 0) continue;
        test.run(subject);
        return 0;
    }
    fail("no test %s", argv[3]);
}

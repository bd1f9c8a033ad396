// SPDX-License-Identifier: BSD-2-Clause
#include "guest.h"

#include <cstring>
#include <vector>

#include "cpu.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/memory/memory.h"
#include "kit/image/elf.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::host {

kit::Timekeeper& timekeeper() {
    static kit::Timekeeper keeper;
    return keeper;
}

}  // namespace vdsokit::host

namespace vdsokit::personality {

namespace {

using Archive = std::vector<u8>;

void add(Archive& archive, void const* bytes, u64 size) {
    u8 const* const from = static_cast<u8 const*>(bytes);
    archive.insert(archive.end(), from, from + size);
    while (archive.size() % 4 != 0) archive.push_back(0);
}

// cpio newc.
void add_file(Archive& archive, std::string const& name, u32 mode, std::string const& content) {
    static u32 inode = 1;
    char head[111];
    std::snprintf(head, sizeof(head),
                  "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", inode++, mode, 0u,
                  0u, 1u, 0u, content.size(), 0u, 0u, 0u, 0u, name.size() + 1, 0u);
    std::string const start = std::string(head) + name + '\0';
    add(archive, start.data(), start.size());
    add(archive, content.data(), content.size());
}

void put(std::string& file, u64 at, u64 value, u64 size) {
    std::memcpy(file.data() + at, &value, size);
}

void put_segment(std::string& file, u64 at, u32 flags, u64 address, u64 file_size, u64 size) {
    put(file, at, 1, 4);  // PT_LOAD
    put(file, at + 4, flags, 4);
    put(file, at + 16, address, 8);
    put(file, at + 24, address, 8);
    put(file, at + 32, file_size, 8);
    put(file, at + 40, size, 8);
    put(file, at + 48, 4096, 8);
}

// A static program of a code page and some zeroed data; nothing of it ever runs.
std::string make_program() {
    std::string file(4096, '\0');
    std::memcpy(file.data(), "\177ELF\2\1\1", 7);
    put(file, 16, 2, 2);    // ET_EXEC
    put(file, 18, 183, 2);  // aarch64
    put(file, 20, 1, 4);
    put(file, 24, read_only_page + 0x100, 8);
    put(file, 32, 64, 8);  // program headers
    put(file, 52, 64, 2);
    put(file, 54, 56, 2);
    put(file, 56, 2, 2);
    put_segment(file, 64, 5, read_only_page, 4096, 4096);
    put_segment(file, 120, 6, data_start, 0, data_size);
    return file;
}

// The same for 32-bit arm; its code begins with Thumb instructions.
std::string make_narrow_program() {
    std::string file(4096, '\0');
    std::memcpy(file.data(), "\177ELF\1\1\1", 7);
    put(file, 16, 2, 2);   // ET_EXEC
    put(file, 18, 40, 2);  // arm
    put(file, 20, 1, 4);
    put(file, 24, read_only_page + 0x101, 4);
    put(file, 28, 52, 4);  // program headers
    put(file, 36, 0x0500'0400, 4);
    put(file, 40, 52, 2);
    put(file, 42, 32, 2);
    put(file, 44, 2, 2);
    u64 const segments[2][8] = {{1, 0, read_only_page, 0, 4096, 4096, 5, 4096},
                                {1, 0, data_start, 0, 0, data_size, 6, 4096}};
    for (u64 row = 0; row < 2; ++row)
        for (u64 at = 0; at < 8; ++at) put(file, 52 + 32 * row + 4 * at, segments[row][at], 4);
    return file;
}

Archive const& archive() {
    static Archive const made = [] {
        Archive out;
        add_file(out, ".boot", 040755, "");
        add_file(out, ".boot/argv", 0100644, std::string("/init") + '\0');
        add_file(out, ".boot/envp", 0100644, "");
        add_file(out, "init", 0100755, make_program());
        add_file(out, "narrow", 0100755, make_narrow_program());
        add_file(out, "TRAILER!!!", 0, "");
        return out;
    }();
    return made;
}

}  // namespace

Guest::Guest() {
    // One cycle is one nanosecond.
    arch::fake.frequency = 1'000'000'000;
    arch::fake.counter = 1'000;
    kit::TimekeeperStart const begin{
        .clocksource = {.frequency = 1'000'000'000, .counter_bits = 64},
        .realtime = {1'700'000'000, 0}};
    if (!host::timekeeper().start(begin)) __builtin_trap();
    start({.initramfs = {archive().data(), archive().size()},
           .vdso = VdsoMode::none,
           .terminal = false,
           .stats = true,
           .verbose = false,
           .rows = 0,
           .columns = 0});
}

i64 Guest::answer(Thread& thread) {
    return thread.runs() ? static_cast<i64>(thread.registers().x[0]) : blocked;
}

i64 Guest::call(Thread& thread, u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
    host::Registers& registers = thread.registers();
    u64 const arguments[] = {a, b, c, d, e, f};
    for (u32 i = 0; i < 6; ++i) registers.x[i] = arguments[i];
    registers.x[8] = number;
    registers.pc += 4;
    on_system_call(thread);
    return answer(thread);
}

i64 Guest::narrow_call(Thread& thread, u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
    host::Registers& registers = thread.registers();
    u64 const arguments[] = {a, b, c, d, e, f};
    for (u32 i = 0; i < 6; ++i) registers.x[i] = static_cast<u32>(arguments[i]);
    registers.x[7] = static_cast<u32>(number);
    registers.pc += (registers.pstate & 0x20) != 0 ? 2 : 4;
    on_system_call(thread);
    return thread.runs() ? static_cast<i32>(static_cast<u32>(registers.x[0])) : blocked;
}

i64 Guest::run_narrow() {
    char const path[] = "/narrow";
    u64 const arguments[] = {data_start, 0};
    poke(first(), data_start, path);
    poke(first(), data_start + 64, arguments);
    return call(first(), nr::execve, data_start, data_start + 64, data_start + 72);
}

void Guest::pass(u64 nanoseconds) {
    u64 const end = arch::fake.counter + nanoseconds;
    while (host::fake_host().timer != no_deadline) {
        u64 const due = host::fake_host().timer;
        u64 const now = monotonic_now();
        if (due > now && due - now > end - arch::fake.counter) break;
        if (due > now) arch::fake.counter += due - now;
        // The clock rounds down: it may show the time a cycle later.
        while (monotonic_now() < due) arch::fake.counter += 1;
        host::fake_host().timer = no_deadline;  // it rings once
        on_timer();
    }
    if (arch::fake.counter < end) arch::fake.counter = end;
}

Thread& Guest::fork(Thread& thread) {
    i64 const id = call(thread, nr::clone, 17);
    if (id <= 0) __builtin_trap();
    return *Thread::find(static_cast<i32>(id));
}

}  // namespace vdsokit::personality

// SPDX-License-Identifier: BSD-2-Clause
// The files of /proc that are about the whole system, as far as ps, free, mount, df and top of
// busybox read them [Linux Documentation/filesystems/proc.rst].
#include "hosts/personality/files/now.h"
#include "hosts/personality/files/proc.h"
#include "hosts/personality/files/tree.h"
#include "hosts/personality/process/clock.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

constexpr u32 file_mode = static_cast<u32>(NodeKind::regular) | 0444;
constexpr u64 tick = 10'000'000;  // ns; USER_HZ is 100
constexpr u64 frame_kilobytes = 4;

u64 total_run_time(u64& processes, u64& running, i32& last) {
    u64 sum = 0;
    processes = running = 0;
    last = 0;
    for (Process* process = Process::next_after(0); process != nullptr;
         process = Process::next_after(process->id())) {
        processes += 1;
        last = process->id();
        if (process->is_zombie()) continue;
        sum += process->run_time();
        for (Thread& thread : process->threads)
            if (!thread.call.waiting) running += 1;
    }
    return sum;
}

void hundredths(Text& text, u64 nanoseconds) {
    u64 const ticks = nanoseconds / tick;
    text.decimal(ticks / 100).add(".").decimal(ticks % 100, 2, '0');
}

u64 idle_time() {
    u64 processes = 0;
    u64 running = 0;
    i32 last = 0;
    u64 const busy = total_run_time(processes, running, last);
    u64 const up = monotonic_now();
    return up > busy ? up - busy : 0;
}

// As the reader's time group has it.
void uptime(Process* reader, Text& text) {
    hundredths(text, reader == nullptr ? monotonic_now() : boottime_of(*reader));
    text.add(" ");
    hundredths(text, idle_time());
    text.add("\n");
}

void load(Process*, Text& text) {
    u64 processes = 0;
    u64 running = 0;
    i32 last = 0;
    static_cast<void>(total_run_time(processes, running, last));
    text.add("0.00 0.00 0.00 ").decimal(running).add("/").decimal(processes).add(" ");
    text.decimal(static_cast<u32>(last)).add("\n");
}

void stat(Process* reader, Text& text) {
    u64 processes = 0;
    u64 running = 0;
    i32 last = 0;
    u64 const busy = total_run_time(processes, running, last) / tick;
    u64 const idle = idle_time() / tick;
    for (char const* const name : {"cpu ", "cpu0"})
        text.add(name).add(" ").decimal(busy).add(" 0 0 ").decimal(idle).add(" 0 0 0 0 0 0\n");
    u64 const up = reader == nullptr ? monotonic_now() : boottime_of(*reader);
    u64 const now = nanoseconds_of(realtime_now());
    u64 const booted = now > up ? now - up : 0;
    text.add("intr 0\nctxt 0\nbtime ").decimal(booted / 1'000'000'000);
    text.add("\nprocesses ").decimal(static_cast<u32>(last));
    text.add("\nprocs_running ").decimal(running).add("\nprocs_blocked 0\n");
}

void memory_line(Text& text, char const* name, u64 frames) {
    u64 const start = text.length();
    text.add(name).add(":").pad_to(start, 16).decimal(frames * frame_kilobytes, 8).add(" kB\n");
}

void memory(Process*, Text& text) {
    host::FrameCount const count = host::frame_count();
    u64 files = 0;
    for (u32 number = 0; mounted(number) != nullptr; ++number) files += mounted(number)->frames;
    memory_line(text, "MemTotal", count.total);
    memory_line(text, "MemFree", count.free);
    memory_line(text, "MemAvailable", count.free);
    memory_line(text, "Buffers", 0);
    memory_line(text, "Cached", files);
    memory_line(text, "SwapCached", 0);
    memory_line(text, "SwapTotal", 0);
    memory_line(text, "SwapFree", 0);
    memory_line(text, "Shmem", files);
    memory_line(text, "SReclaimable", 0);
}

void cpus(Process*, Text& text) { text.add("processor\t: 0\n\n"); }

void file_systems(Process*, Text& text) { text.add("nodev\ttmpfs\nnodev\tproc\n"); }

}  // namespace

void write_mounts(Process*, Text& text) {
    for (u32 number = 0; mounted(number) != nullptr; ++number) {
        FileSystem const& mount = *mounted(number);
        text.add(mount.type).add(" ").add(mount.mount_point).add(" ").add(mount.type);
        text.add(mount.read_only ? " ro" : " rw").add(" 0 0\n");
    }
}

ProcRow const proc_system_rows[] = {
    {"cpuinfo", ProcItem::text, file_mode, cpus},
    {"filesystems", ProcItem::text, file_mode, file_systems},
    {"loadavg", ProcItem::text, file_mode, load},
    {"meminfo", ProcItem::text, file_mode, memory},
    {"mounts", ProcItem::text, file_mode, write_mounts},
    {"stat", ProcItem::text, file_mode, stat},
    {"uptime", ProcItem::text, file_mode, uptime},
    {nullptr, ProcItem::text, 0, nullptr},
};

}  // namespace vdsokit::personality

// SPDX-License-Identifier: BSD-2-Clause
// The files of /proc/<id> [Linux Documentation/filesystems/proc.rst, fs/proc/array.c].
#include "hosts/personality/files/console.h"
#include "hosts/personality/files/proc.h"
#include "hosts/personality/memory/describe.h"
#include "hosts/personality/process/process.h"
#include "hosts/personality/process/time_offsets.h"

namespace vdsokit::personality {

namespace {

constexpr u32 regular = static_cast<u32>(NodeKind::regular);
constexpr u32 link = static_cast<u32>(NodeKind::symlink) | 0777;
constexpr u64 tick = 10'000'000;  // ns; USER_HZ is 100
constexpr u32 console_number = 0x501;

void maps(Process* process, Text& text) {
    if (process->is_zombie()) return;
    Memory& memory = process->memory();
    for (Region const* region = memory.region_above(0); region != nullptr;
         region = memory.region_above(region->end))
        describe(*region, text);
}

void auxv(Process* process, Text& text) {
    if (process->is_zombie()) return;
    u64 words = 0;
    u64 const* const vector = process->auxv(words);
    u64 const word_size = process->memory().layout().word_size;
    for (u64 at = 0; at < words; ++at) text.add(&vector[at], word_size);
}

// Strings where exec put them, as the process has them now.
void strings(Process* process, Text& text, u64 start, u64 end) {
    u8 part[256];
    while (start < end && !text.is_full()) {
        u64 const size = end - start < sizeof(part) ? end - start : sizeof(part);
        if (!process->memory().copy_in(part, {start}, size)) return;
        text.add(part, size);
        start += size;
    }
}

void command_line(Process* process, Text& text) {
    if (process->is_zombie()) return;
    ProgramPlaces const& places = process->memory().places();
    strings(process, text, places.arguments_start, places.arguments_end);
}

void environment(Process* process, Text& text) {
    if (process->is_zombie()) return;
    ProgramPlaces const& places = process->memory().places();
    strings(process, text, places.arguments_end, places.environment_end);
}

void name(Process* process, Text& text) { text.add(process->name()).add("\n"); }

struct Pages {
    u64 mapped = 0;
    u64 resident = 0;
    u64 shared = 0;
};

Pages count_pages(Process& process) {
    Pages pages;
    if (process.is_zombie()) return pages;
    Memory& memory = process.memory();
    for (Region const* region = memory.region_above(0); region != nullptr;
         region = memory.region_above(region->end)) {
        pages.mapped += region->size() / page_size;
        VirtualAddress at = memory.space().next_mapped({region->start});
        for (; at.value < region->end; at = memory.space().next_mapped({at.value + page_size})) {
            pages.resident += 1;
            if (region->file != nullptr || region->is_shared) pages.shared += 1;
        }
    }
    return pages;
}

void pages(Process* process, Text& text) {
    Pages const count = count_pages(*process);
    text.decimal(count.mapped).add(" ").decimal(count.resident).add(" ").decimal(count.shared);
    text.add(" 0 0 0 0\n");
}

char state_of(Process& process) {
    if (process.is_zombie()) return 'Z';
    if (process.stopped) return 'T';
    for (Thread& thread : process.threads)
        if (!thread.call.waiting) return 'R';
    return 'S';
}

u64 thread_count(Process& process) {
    u64 count = 0;
    for ([[maybe_unused]] Thread& thread : process.threads) count += 1;
    return count;
}

// The 52 fields; those that nobody keeps here are 0.
void stat(Process* process, Text& text) {
    Pages const count = count_pages(*process);
    bool const on_console = console().is_terminal_of(*process);
    auto const number = [&text](i64 value) { text.byte(' ').signed_decimal(value); };
    auto const zeros = [&text](u32 fields) {
        for (u32 field = 0; field < fields; ++field) text.add(" 0");
    };
    text.decimal(static_cast<u32>(process->id())).add(" (").add(process->name()).add(") ");
    text.byte(static_cast<u8>(state_of(*process)));
    number(process->parent_id());
    number(process->group_id());
    number(process->session_id());
    number(on_console ? console_number : 0);
    number(on_console ? console().foreground() : -1);
    zeros(5);  // flags, faults
    number(static_cast<i64>(process->run_time() / tick));
    zeros(1);  // system time is not told apart
    number(static_cast<i64>(process->children_run_time / tick));
    zeros(1);
    number(20);  // priority, nice
    number(0);
    number(static_cast<i64>(thread_count(*process)));
    zeros(2);  // interval timer, start time
    number(static_cast<i64>(count.mapped * page_size));
    number(static_cast<i64>(count.resident));
    text.byte(' ').decimal(unlimited);  // limit of the resident set
    zeros(27);
    text.add("\n");
}

void status(Process* process, Text& text) {
    Pages const count = count_pages(*process);
    char const state = state_of(*process);
    char const* const word = state == 'R'   ? "running"
                             : state == 'S' ? "sleeping"
                             : state == 'T' ? "stopped"
                                            : "zombie";
    auto const id = [&text](char const* field, i32 value) {
        text.add(field).signed_decimal(value).add("\n");
    };
    text.add("Name:\t").add(process->name());
    text.add("\nState:\t").byte(static_cast<u8>(state)).add(" (").add(word).add(")\n");
    id("Tgid:\t", process->id());
    id("Pid:\t", process->id());
    id("PPid:\t", process->parent_id());
    text.add("TracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
    text.add("VmSize:\t").decimal(count.mapped * (page_size / 1024), 8).add(" kB\n");
    text.add("VmRSS:\t").decimal(count.resident * (page_size / 1024), 8).add(" kB\n");
    text.add("Threads:\t").decimal(thread_count(*process)).add("\n");
    text.add("ShdPnd:\t").hexadecimal(process->pending.set().bits, 16).add("\n");
}

}  // namespace

ProcRow const proc_process_rows[] = {
    {"auxv", ProcItem::text, regular | 0400, auxv},
    {"cmdline", ProcItem::text, regular | 0444, command_line},
    {"comm", ProcItem::text, regular | 0444, name},
    {"cwd", ProcItem::directory, link, nullptr},
    {"environ", ProcItem::text, regular | 0400, environment},
    {"exe", ProcItem::executable, link, nullptr},
    {"fd", ProcItem::descriptors, static_cast<u32>(NodeKind::directory) | 0500, nullptr},
    {"maps", ProcItem::text, regular | 0444, maps},
    {"mounts", ProcItem::text, regular | 0444, write_mounts},
    {"root", ProcItem::top, link, nullptr},
    {"stat", ProcItem::text, regular | 0444, stat},
    {"statm", ProcItem::text, regular | 0444, pages},
    {"status", ProcItem::text, regular | 0444, status},
    {"timens_offsets", ProcItem::text, regular | 0644, write_time_offsets, read_time_offsets},
    {nullptr, ProcItem::text, 0, nullptr},
};

}  // namespace vdsokit::personality

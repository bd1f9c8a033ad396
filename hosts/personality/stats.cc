// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/stats.h"

#include <span>

#include "linux_narrow.h"

#include "hosts/personality/dispatcher.h"
#include "hosts/personality/files/file.h"
#include "hosts/personality/memory/start.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

namespace {

constinit bool wants_stats = false;
constinit bool wants_messages = false;

// Longer than any line: each call's name and number, and the longest path.
constexpr u64 line_capacity = u64{16} * 1024;
constinit u8 line[line_capacity];

// What the vDSO saves; shown even when there were none.
constexpr u32 clock_gettime_number = 113, gettimeofday_number = 169, clock_getres_number = 114;
constexpr u32 time_calls[] = {clock_gettime_number, gettimeofday_number, clock_getres_number};

std::span<u32 const> shown_always(Process const& process) {
    if (process.is_narrow()) return arch::narrow::call::of_time;
    return time_calls;
}

bool is_among(std::span<u32 const> numbers, u64 index) {
    for (u32 const number : numbers)
        if (number == index) return true;
    return false;
}

void write_line(host::Channel channel, Text& text) {
    text.byte('\n');
    host::console_write(channel, line, text.stored());
}

void add_count(Text& text, Process const& process, u64 index) {
    SystemCallRow const* const row = row_at(process, index);
    text.byte(' ');
    if (row != nullptr)
        text.add(row->name);
    else
        text.add("nosys_").decimal(index);
    text.byte('=').decimal(process.counts[index]);
}

void end_others(Process& first) {
    // By id: the process that ends may be gone when the next is looked for.
    i32 id = 0;
    while (Process* const at = Process::next_after(id)) {
        id = at->id();
        if (at != &first && !at->zombie) at->exit({.code = 0, .signal = signal_number::kill});
    }
}

}  // namespace

void set_reports(Boot const& boot) {
    wants_stats = boot.stats;
    wants_messages = boot.verbose;
}

void write_process_stats(Process& process) {
    if (!wants_stats) return;
    Text text(line, line_capacity - 1);
    text.add("stats: pid=").decimal(static_cast<u64>(process.id()));
    text.add(" status=").decimal(process.status.shell_status());
    File* const executable = process.executable();
    text.add(" exe=").add(executable == nullptr ? "-" : executable->path());
    std::span<u32 const> const always = shown_always(process);
    for (u32 const number : always) add_count(text, process, number);
    for (u64 index = 0; index < Process::counted_calls; ++index)
        if (process.counts[index] != 0 && !is_among(always, index)) add_count(text, process, index);
    if (process.counts_beyond != 0) text.add(" nosys_other=").decimal(process.counts_beyond);
    write_line(host::Channel::errors, text);
}

void shut_down_after(Process& first) {
    end_others(first);
    if (wants_stats) {
        ExecCounters const counters = exec_counters();
        Text text(line, line_capacity - 1);
        text.add("host: preloads=").decimal(counters.preloads);
        text.add(" vdso-frames=").decimal(counters.vdso_frames);
        text.add(" vdso-maps=").decimal(counters.vdso_maps);
        text.add(" bytes-copied-at-exec=").decimal(counters.bytes_copied_at_exec);
        write_line(host::Channel::errors, text);
    }
    host::shut_down(first.status.shell_status());
}

void message(char const* string) {
    if (!wants_messages) return;
    Text text(line, line_capacity - 1);
    text.add(string);
    write_line(host::Channel::messages, text);
}

}  // namespace vdsokit::personality

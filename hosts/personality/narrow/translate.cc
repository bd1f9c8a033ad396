// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/narrow/translate.h"

#include "linux_narrow.h"

#include "hosts/personality/dispatcher.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/narrow/forms.h"
#include "hosts/personality/narrow/narrow_calls.h"
#include "hosts/personality/narrow/window.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

using arch::narrow::Argument;
using arch::narrow::CallRow;
using arch::narrow::Shape;
using arch::narrow::Way;

// Arm's own calls are counted behind those that Linux has given numbers.
constexpr u64 private_calls = arch::narrow::call::private_end - arch::narrow::call::private_base;
constexpr u64 first_private = Process::counted_calls - private_calls;

constinit SystemCallRow rows[Process::counted_calls]{};
constinit CallRow const* translations[Process::counted_calls]{};

// The structures of one call: placed before it is made, given back after it.
class Translation {
public:
    Translation(Call& call, CallRow const& row) : call_(call), row_(row) { window.open(); }
    ~Translation() { window.close(); }
    Translation(Translation const&) = delete;
    Translation& operator=(Translation const&) = delete;

    // False: EFAULT.
    bool read();
    bool write();
    u64 const* arguments() const { return arguments_; }

private:
    bool read_structure(u32 at, Argument const& argument);
    bool write_structure(u32 at, Argument const& argument);
    u64 count_of(Argument const& argument) const;

    Call& call_;
    CallRow const& row_;
    u64 arguments_[6] = {};
};

bool waits_on_time(u64 futex_operation) {
    constexpr u64 operation = 0x7f, wait = 0, wait_bitset = 9;
    u64 const kind = futex_operation & operation;
    return kind == wait || kind == wait_bitset;
}

bool is_time_of_futex(Shape shape) {
    return shape == Shape::futex_time || shape == Shape::futex_wide_time;
}

// How many forms lie in a row.
u64 Translation::count_of(Argument const& argument) const {
    constexpr u64 vectors_max = 1024;
    switch (argument.shape) {
    case Shape::futex_time: return 2;
    case Shape::vectors: {
        u64 const count = call_.argument(argument.count);
        return count > vectors_max ? 0 : 2 * count;
    }
    default: return argument.count;
    }
}

bool Translation::read_structure(u32 at, Argument const& argument) {
    u64 const address = call_.argument(argument.from);
    arguments_[at] = address;
    u64 const count = count_of(argument);
    // Too many vectors are refused by their number.
    if (address == 0 || count == 0) return true;
    if (is_time_of_futex(argument.shape) && !waits_on_time(call_.argument(1))) return true;
    Form const form = form_of(argument.shape);
    u64 const place = window.place(count * form.wide_size);
    if (place == 0) return false;
    arguments_[at] = place;
    if (argument.way == Way::write) return true;
    u8 part[Form::largest];
    for (u64 item = 0; item < count; ++item) {
        if (!call_.process.memory().copy_in(part, {address + item * form.narrow_size},
                                            form.narrow_size))
            return false;
        form.widen(part, window.bytes(place) + item * form.wide_size);
    }
    return true;
}

bool Translation::write_structure(u32 at, Argument const& argument) {
    Form const form = form_of(argument.shape);
    u64 const place = arguments_[at];
    if (argument.way == Way::read || !window.was_written(place)) return true;
    u64 const address = call_.argument(argument.from);
    for (u64 item = 0; item < argument.count; ++item) {
        u8 part[Form::largest] = {};
        form.narrow(window.bytes(place) + item * form.wide_size, part);
        if (!call_.process.memory().copy_out({address + item * form.narrow_size}, part,
                                             form.narrow_size))
            return false;
    }
    return true;
}

// poll counts milliseconds, and any negative number of them is for ever.
u64 place_milliseconds(i32 milliseconds) {
    struct {
        i64 seconds;
        i64 nanoseconds;
    } const time{milliseconds / 1000, i64{milliseconds % 1000} * 1'000'000};
    if (milliseconds < 0) return 0;
    u64 const place = window.place(sizeof(time));
    __builtin_memcpy(window.bytes(place), &time, sizeof(time));
    return place;
}

u64 wide_lock_command(u64 command) {
    constexpr u64 first_wide = 12, first = 5, kinds = 3;
    return command - first_wide < kinds ? command - first_wide + first : command;
}

bool Translation::read() {
    bool const are_words = row_.arguments[0].shape == Shape::nothing;
    for (u32 at = 0; at < 6; ++at) {
        Argument const& argument = row_.arguments[at];
        u64 const word = call_.argument(are_words ? at : argument.from);
        switch (are_words ? Shape::word : argument.shape) {
        case Shape::nothing: break;
        case Shape::word: arguments_[at] = word; break;
        case Shape::number:
            arguments_[at] = static_cast<u64>(i64{call_.number(argument.from)});
            break;
        case Shape::pair: arguments_[at] = word | call_.argument(argument.from + 1u) << 32; break;
        case Shape::pages: arguments_[at] = word * 4096; break;
        case Shape::constant: arguments_[at] = static_cast<u64>(i64{argument.value}); break;
        case Shape::lock_command: arguments_[at] = wide_lock_command(word); break;
        case Shape::milliseconds:
            arguments_[at] = place_milliseconds(call_.number(argument.from));
            break;
        case Shape::vectors:
        case Shape::longs:
        case Shape::words:
        case Shape::limits:
        case Shape::times:
        case Shape::microseconds:
        case Shape::futex_time:
        case Shape::futex_wide_time:
        case Shape::action:
        case Shape::info:
        case Shape::event:
        case Shape::stat:
        case Shape::statfs:
        case Shape::sysinfo:
        case Shape::timex:
            if (!read_structure(at, argument)) return false;
        }
    }
    return true;
}

bool Translation::write() {
    for (u32 at = 0; at < 6; ++at)
        if (form_of(row_.arguments[at].shape).wide_size != 0 &&
            !write_structure(at, row_.arguments[at]))
            return false;
    return true;
}

Outcome translated_call(Call& call) {
    u64 const index = narrow_count_index(call.thread.call.row->number);
    CallRow const& row = *translations[index];
    Translation translation(call, row);
    if (!translation.read()) return Outcome::error(Errno::fault);
    Call generic{.thread = call.thread,
                 .process = call.process,
                 .arguments = translation.arguments(),
                 .first_attempt = call.first_attempt,
                 .timed_out = call.timed_out,
                 .deadline = call.deadline,
                 .progress = call.progress,
                 .interrupted = call.interrupted};
    Outcome const outcome = find_call(row.generic)->call(generic);
    // An interrupted sleep fails and yet says what is left of it.
    if (outcome.is_done() && !translation.write()) return Outcome::error(Errno::fault);
    return outcome;
}

void add_row(SystemCallRow const& row) { rows[narrow_count_index(row.number)] = row; }

}  // namespace

void add_narrow_calls() {
    for (CallRow const& row : arch::narrow::call_rows) {
        SystemCallRow const* const generic = find_call(row.generic);
        if (generic == nullptr) __builtin_trap();
        translations[narrow_count_index(row.number)] = &row;
        add_row({row.number, row.name, translated_call, generic->on_signal});
    }
    for (u64 at = 0; at < narrow_call_count; ++at) add_row(narrow_calls[at]);
}

u64 narrow_count_index(u64 number) {
    u64 const beyond = number - arch::narrow::call::private_base;
    if (beyond < private_calls) return first_private + beyond;
    return number < first_private ? number : Process::counted_calls;
}

u64 narrow_number_at(u64 index) {
    return index < first_private ? index
                                 : arch::narrow::call::private_base + (index - first_private);
}

SystemCallRow const* find_narrow_call(u64 number) {
    u64 const index = narrow_count_index(number);
    if (index == Process::counted_calls || rows[index].call == nullptr) return nullptr;
    return &rows[index];
}

}  // namespace vdsokit::personality

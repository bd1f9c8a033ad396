// SPDX-License-Identifier: BSD-2-Clause
// The stack on which a program starts: argc, argv, envp, the auxiliary vector and, above them, the
// strings. Measured first, which finds every reason to refuse; then written.
//
//   top ->  one word of zero; the path given to execve; environment strings; argument strings;
//           platform string; 16 random bytes; padding; auxv; 0; envp; 0; argv; argc  <- sp
#pragma once

#include <concepts>

#include "kit/core/memory.h"
#include "kit/core/result.h"
#include "kit/image/text.h"
#include "kit/process/auxv.h"
#include "kit/process/word.h"

namespace vdsokit::kit {

// The strings, wherever the host keeps them; index 0 .. arguments() - 1 are argv, the others envp.
template <class T>
concept StackStrings = requires(T& strings, u64 index, u64 offset, u8* to, u64 size, u64 limit) {
    { strings.arguments() } -> std::same_as<u64>;
    { strings.environment() } -> std::same_as<u64>;
    // Bytes with the NUL; 0: unreadable. Looks no further than `limit`: more than that says so.
    { strings.size(index, limit) } -> std::same_as<u64>;
    // Copies [offset, offset + size) of it. False: unreadable.
    { strings.copy(index, offset, to, size) } -> std::same_as<bool>;
};

// The memory of the process that is being made.
template <class T>
concept StackSink = requires(T& sink, VirtualAddress at, u8 const* bytes, u64 size) {
    { sink.write(at, bytes, size) } -> std::same_as<bool>;
};

enum class StackError : u8 {
    too_large,          // strings and pointers exceed bytes_limit
    string_too_long,    // one exceeds string_limit
    unreadable_string,  // or it changed while it was read
    unwritable,
};

struct StackFault {
    StackError error;
    u64 string;  // its index; 0 where it is not about one
    friend constexpr bool operator==(StackFault, StackFault) = default;
};

struct StackRules {
    u8 file_class;
    VirtualAddress top;     // the first byte above; rounded down to 16
    u64 bytes_limit;        // Linux: a quarter of the stack limit
    u64 string_limit;       // Linux: 128 KiB, its NUL included
    char const* exec_name;  // for AT_EXECFN
    char const* platform;   // for AT_PLATFORM
    u8 random[16];          // for AT_RANDOM
};

class InitialStack {
public:
    // The addresses of AT_EXECFN, AT_PLATFORM and AT_RANDOM are filled in where `auxv` has these
    // entries; what it does not have is left out of the stack.
    template <StackStrings Strings>
    static Result<InitialStack, StackFault> measure(Strings& strings, Auxv const& auxv,
                                                    StackRules const& rules);

    // A multiple of 16. Everything lies in [stack_pointer, top).
    VirtualAddress stack_pointer() const { return {stack_pointer_}; }
    VirtualAddress arguments_start() const { return {arguments_start_}; }
    VirtualAddress environment_start() const { return {environment_start_}; }
    VirtualAddress environment_end() const { return {environment_end_}; }
    Auxv const& auxv() const { return auxv_; }

    // On a fault a part may have been written.
    template <StackStrings Strings, StackSink Sink>
    Result<Nothing, StackFault> write(Strings& strings, Sink& sink) const;

private:
    struct Count {
        u64 arguments;
        u64 environment;
        u64 argument_bytes;
        u64 environment_bytes;
    };
    // False: does not fit.
    bool place(Count const& count, StackRules const& rules);
    // The word of argv or envp that points to the string.
    u64 pointer_slot(u64 index) const;

    // The parts of write() that do not depend on who reads or is written.
    static constexpr u64 chunk = 256;
    template <StackSink Sink>
    bool write_word(Sink& sink, u64 at, u64 value) const {
        u8 bytes[8];
        u64 const size = put_word(bytes, value, rules_.file_class);
        return sink.write({at}, bytes, size);
    }
    template <StackSink Sink>
    static bool write_text(Sink& sink, u64 const* at, char const* text) {
        return at == nullptr || text == nullptr ||
               sink.write({*at}, reinterpret_cast<u8 const*>(text), Text(text).size() + 1);
    }
    template <StackSink Sink>
    bool write_tables(Sink& sink) const;

    Auxv auxv_;
    StackRules rules_{};
    u64 stack_pointer_ = 0;
    u64 arguments_ = 0;
    u64 environment_ = 0;
    u64 arguments_start_ = 0;
    u64 environment_start_ = 0;
    u64 environment_end_ = 0;
};

template <StackStrings Strings>
Result<InitialStack, StackFault> InitialStack::measure(Strings& strings, Auxv const& auxv,
                                                       StackRules const& rules) {
    Count count{strings.arguments(), strings.environment(), 0, 0};
    u64 const word = word_size(rules.file_class);
    // A pointer each: a count beyond this needs no look at the strings.
    u64 const limit = rules.bytes_limit / word;
    if (count.arguments > limit || count.environment > limit - count.arguments)
        return StackFault{StackError::too_large, 0};
    u64 left = rules.bytes_limit - (count.arguments + count.environment) * word;
    for (u64 index = 0; index < count.arguments + count.environment; ++index) {
        u64 const size = strings.size(index, rules.string_limit);
        if (size == 0) return StackFault{StackError::unreadable_string, index};
        if (size > rules.string_limit) return StackFault{StackError::string_too_long, index};
        if (size > left) return StackFault{StackError::too_large, index};
        left -= size;
        (index < count.arguments ? count.argument_bytes : count.environment_bytes) += size;
    }
    InitialStack stack;
    stack.auxv_ = auxv;
    if (!stack.place(count, rules)) return StackFault{StackError::too_large, 0};
    return stack;
}

template <StackStrings Strings, StackSink Sink>
Result<Nothing, StackFault> InitialStack::write(Strings& strings, Sink& sink) const {
    u64 at = arguments_start_;
    for (u64 index = 0; index < arguments_ + environment_; ++index) {
        u64 const end = index < arguments_ ? environment_start_ : environment_end_;
        u64 const size = strings.size(index, rules_.string_limit);
        if (size == 0 || size > end - at) return StackFault{StackError::unreadable_string, index};
        for (u64 done = 0; done < size;) {
            u8 buffer[chunk];
            u64 const part = size - done < chunk ? size - done : chunk;
            if (!strings.copy(index, done, buffer, part))
                return StackFault{StackError::unreadable_string, index};
            done += part;
            // Whoever can write to the string may do so now: it ends where it was measured to end.
            if (done == size) buffer[part - 1] = 0;
            if (!sink.write({at + done - part}, buffer, part))
                return StackFault{StackError::unwritable, index};
        }
        if (!write_word(sink, pointer_slot(index), at))
            return StackFault{StackError::unwritable, index};
        at += size;
    }
    if (!write_tables(sink)) return StackFault{StackError::unwritable, 0};
    return Nothing{};
}

template <StackSink Sink>
bool InitialStack::write_tables(Sink& sink) const {
    u64 const word = word_size(rules_.file_class);
    u64 const auxv_at = pointer_slot(arguments_ + environment_) + word;
    bool written = write_word(sink, stack_pointer_, arguments_) &&
                   write_word(sink, pointer_slot(arguments_) - word, 0) &&
                   write_word(sink, auxv_at - word, 0);
    for (u64 index = 0; index <= auxv_.size(); ++index) {
        bool const is_last = index == auxv_.size();
        AuxEntry const entry = is_last ? AuxEntry{Aux::null, 0} : auxv_[index];
        u64 const at = auxv_at + index * 2 * word;
        written = written && write_word(sink, at, static_cast<u64>(entry.type)) &&
                  write_word(sink, at + word, entry.value);
    }
    u64 const* const random = auxv_.find(Aux::random);
    if (random != nullptr)
        written = written && sink.write({*random}, rules_.random, sizeof(rules_.random));
    return written && write_text(sink, auxv_.find(Aux::platform), rules_.platform) &&
           write_text(sink, auxv_.find(Aux::execfn), rules_.exec_name);
}

}  // namespace vdsokit::kit

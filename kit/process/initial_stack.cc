// SPDX-License-Identifier: BSD-2-Clause
#include "kit/process/initial_stack.h"

namespace vdsokit::kit {

namespace {

u64 size_of(char const* text) { return text == nullptr ? 0 : Text(text).size() + 1; }

}  // namespace

bool InitialStack::place(Count const& count, StackRules const& rules) {
    rules_ = rules;
    arguments_ = count.arguments;
    environment_ = count.environment;
    u64 const word = word_size(rules.file_class);
    bool const has_name = auxv_.find(Aux::execfn) != nullptr;
    bool const has_platform = auxv_.find(Aux::platform) != nullptr;
    bool const has_random = auxv_.find(Aux::random) != nullptr;
    u64 const name = has_name ? size_of(rules.exec_name) : 0;
    u64 const platform = has_platform ? size_of(rules.platform) : 0;
    u64 const random = has_random ? sizeof(rules.random) : 0;
    u64 const words = 1 + (arguments_ + 1) + (environment_ + 1) + 2 * (auxv_.size() + 1);

    // Each term is bounded by bytes_limit or by the caller's own two short strings.
    u64 const strings = count.argument_bytes + count.environment_bytes + name;
    u64 const padding = 16;
    u64 const total = word + strings + platform + random + padding + words * word;
    u64 const top = align_down(rules.top.value, 16);
    if (strings + (arguments_ + environment_) * word > rules.bytes_limit || total > top)
        return false;

    environment_end_ = top - word - name;
    environment_start_ = environment_end_ - count.environment_bytes;
    arguments_start_ = environment_start_ - count.argument_bytes;
    u64 const platform_at = arguments_start_ - platform;
    u64 const random_at = platform_at - random;
    stack_pointer_ = align_down(random_at - words * word, 16);
    auxv_.set(Aux::execfn, name == 0 ? 0 : environment_end_);
    auxv_.set(Aux::platform, platform == 0 ? 0 : platform_at);
    auxv_.set(Aux::random, random_at);
    return true;
}

u64 InitialStack::pointer_slot(u64 index) const {
    u64 const word = word_size(rules_.file_class);
    u64 const behind_argv = index < arguments_ ? 0 : 1;  // the null pointer that ends it
    return stack_pointer_ + (1 + index + behind_argv) * word;
}

}  // namespace vdsokit::kit

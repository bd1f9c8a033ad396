// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/code_pages.h"

#include "linux_call.h"

#include "hosts/personality/memory/layout.h"

namespace vdsokit::personality {

namespace {

constexpr u64 words_per_page = page_size / sizeof(u32);

u32* words_of(host::Frame frame) { return reinterpret_cast<u32*>(host::frame_bytes(frame)); }

bool has_calls(host::Frame frame) {
    u32 const* const words = words_of(frame);
    for (u64 at = 0; at < words_per_page; ++at)
        if (arch::is_call_instruction(words[at])) return true;
    return false;
}

}  // namespace

void replace_calls(host::Frame frame) {
    auto const replacement = host::call_replacement();
    if (!replacement) return;
    u32* const words = words_of(frame);
    for (u64 at = 0; at < words_per_page; ++at)
        if (arch::is_call_instruction(words[at])) words[at] = replacement.value();
}

host::Frame make_code(host::Frame frame, CodeSource source) {
    if (host::call_replacement()) {
        bool const is_alone = host::frame_users(frame) == 1;
        if (!is_alone && (source == CodeSource::changing || has_calls(frame))) {
            host::Frame const copy = host::allocate_frame();
            if (copy != host::no_frame)
                __builtin_memcpy(host::frame_bytes(copy), host::frame_bytes(frame), page_size);
            host::release_frame(frame);
            if (copy == host::no_frame) return copy;
            frame = copy;
        }
        if (host::frame_users(frame) == 1) replace_calls(frame);
    }
    host::publish_code(frame);
    return frame;
}

}  // namespace vdsokit::personality

// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/exec_strings.h"

#include "kit/process/initial_stack.h"

namespace vdsokit::personality {

static_assert(kit::StackStrings<ExecStrings>);

StringArray::StringArray(kit::Bytes strings) : host_(strings) {
    for (u64 at = 0; at < strings.size(); ++at)
        if (strings[at] == 0) count_ += 1;
}

bool StringArray::open(Memory& memory, VirtualAddress array, u64 limit) {
    memory_ = &memory;
    array_ = array.value;
    count_ = 0;
    if (array_ == 0) return true;
    for (; count_ <= limit; ++count_) {
        u64 pointer = 0;
        u64 const at = array_ + count_ * memory.layout().word_size;
        if (at < array_ || !memory.load_word(pointer, {at})) return false;
        if (pointer == 0) return true;
    }
    return true;
}

bool StringArray::find(u64 index, u64& at) const {
    if (memory_ != nullptr)
        return memory_->load_word(at, {array_ + index * memory_->layout().word_size});
    at = 0;
    for (; index > 0; --index) {
        while (host_[at] != 0) ++at;
        ++at;
    }
    return true;
}

u64 StringArray::size(u64 index, u64 limit) const {
    u64 at = 0;
    if (!find(index, at)) return 0;
    if (memory_ == nullptr) {
        u64 end = at;
        while (host_[end] != 0) ++end;
        u64 const size = end - at + 1;
        return size > limit ? limit + 1 : size;
    }
    i64 const length = memory_->string_length({at}, limit);
    if (length == -static_cast<i64>(Errno::nametoolong)) return limit + 1;
    return length < 0 ? 0 : static_cast<u64>(length) + 1;
}

bool StringArray::copy(u64 index, u64 offset, u8* to, u64 size) const {
    u64 at = 0;
    if (!find(index, at)) return false;
    if (memory_ != nullptr) return memory_->copy_in(to, {at + offset}, size);
    if (!host_.holds(at + offset, size)) return false;
    __builtin_memcpy(to, host_.part(at + offset, size).data(), size);
    return true;
}

bool ExecStrings::replace_first(char const* text) {
    if (arguments_.count() > 0) skipped_ = 1;  // there may be none
    return prefix_.push(text);
}

u64 ExecStrings::arguments() const { return prefix_.size() + arguments_.count() - skipped_; }

ExecStrings::Place ExecStrings::place_of(u64 index) const {
    u64 const front = prefix_.size();
    if (index < front) return {prefix_[front - 1 - index], nullptr, 0};
    if (index < arguments()) return {nullptr, &arguments_, index - front + skipped_};
    return {nullptr, &environment_, index - arguments()};
}

u64 ExecStrings::size(u64 index, u64 limit) const {
    Place const place = place_of(index);
    if (place.array != nullptr) return place.array->size(place.at, limit);
    u64 size = 1;
    while (place.text[size - 1] != 0 && size <= limit) ++size;
    return size;
}

bool ExecStrings::copy(u64 index, u64 offset, u8* to, u64 size) const {
    Place const place = place_of(index);
    if (place.array != nullptr) return place.array->copy(place.at, offset, to, size);
    __builtin_memcpy(to, place.text + offset, size);
    return true;
}

}  // namespace vdsokit::personality

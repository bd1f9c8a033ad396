// SPDX-License-Identifier: BSD-2-Clause
// Copies between the host and a process, page by page, through the frames.
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/narrow/window.h"

namespace vdsokit::personality {

namespace {

// Calls part(host bytes, offset from `start`, size) for each page; it says whether to go on.
// False: some page cannot be touched so.
template <class Part>
bool each_page(Memory& memory, u64 start, u64 size, Touch touch, Part part) {
    if (u8* const lent = window.find(start, size, touch == Touch::write); lent != nullptr) {
        part(lent, 0, size);
        return true;
    }
    if (!is_process_range(start, size)) return size == 0;
    for (u64 done = 0; done < size;) {
        u64 const at = start + done;
        u64 const page = kit::align_down(at, page_size);
        u64 const room = page_size - (at - page);
        u64 const length = room < size - done ? room : size - done;
        if (memory.touch({at}, touch) != TouchResult::present) return false;
        u8* const bytes = host::frame_bytes(memory.space().lookup({page}).frame);
        if (!part(bytes + (at - page), done, length)) return true;
        done += length;
    }
    return true;
}

}  // namespace

bool Memory::copy_in(void* to, VirtualAddress from, u64 size) {
    u8* const bytes = static_cast<u8*>(to);
    return each_page(*this, from.value, size, Touch::read,
                     [bytes](u8 const* page, u64 done, u64 length) {
                         __builtin_memcpy(bytes + done, page, length);
                         return true;
                     });
}

bool Memory::copy_out(VirtualAddress to, void const* from, u64 size) {
    u8 const* const bytes = static_cast<u8 const*>(from);
    return each_page(*this, to.value, size, Touch::write, [bytes](u8* page, u64 done, u64 length) {
        __builtin_memcpy(page, bytes + done, length);
        return true;
    });
}

bool Memory::load_word(u64& to, VirtualAddress from) {
    to = 0;
    return copy_in(&to, from, layout_->word_size);
}

bool Memory::clear(VirtualAddress to, u64 size) {
    return each_page(*this, to.value, size, Touch::write, [](u8* page, u64, u64 length) {
        __builtin_memset(page, 0, length);
        return true;
    });
}

i64 Memory::string_length(VirtualAddress from, u64 limit) {
    if (from.value >= process_end) return -static_cast<i64>(Errno::fault);
    u64 const room = process_end - from.value;
    u64 length = 0;
    bool ended = false;
    bool const readable = each_page(*this, from.value, limit < room ? limit : room, Touch::read,
                                    [&](u8 const* page, u64, u64 size) {
                                        for (u64 at = 0; at < size; ++at, ++length) {
                                            if (page[at] != 0) continue;
                                            ended = true;
                                            return false;
                                        }
                                        return true;
                                    });
    if (ended) return static_cast<i64>(length);
    // Running into the end of the process's addresses is a fault as well.
    if (!readable || length < limit) return -static_cast<i64>(Errno::fault);
    return -static_cast<i64>(Errno::nametoolong);
}

i64 Memory::copy_string_in(char* to, VirtualAddress from, u64 capacity) {
    i64 const length = string_length(from, capacity);
    if (length < 0) return length;
    if (!copy_in(to, from, static_cast<u64>(length) + 1)) return -static_cast<i64>(Errno::fault);
    return length;
}

bool Memory::word_key(VirtualAddress word, WaitKey& key) {
    if (touch(word, Touch::read) != TouchResult::present) return false;
    Region const* const region = regions_.find(word.value);
    if (!region->is_shared) {
        key = {this, word.value};
        return true;
    }
    u64 const page = kit::align_down(word.value, page_size);
    key = {host::frame_bytes(space_.lookup({page}).frame), word.value - page};
    return true;
}

}  // namespace vdsokit::personality

// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/signal_pages.h"

#include "linux_narrow.h"
#include "linux_process.h"

#include "hosts/personality/memory/code_pages.h"

namespace vdsokit::personality {

namespace {

constinit host::Frame signal_page = host::no_frame;
constinit host::Frame narrow_signal_page = host::no_frame;
constinit host::Frame helper_frame = host::no_frame;

void write_signal_page(u8* page) {
    __builtin_memcpy(page, arch::signal_return_code, sizeof(arch::signal_return_code));
}

void write_narrow_signal_page(u8* page) {
    __builtin_memcpy(page, arch::narrow::signal_return_code,
                     sizeof(arch::narrow::signal_return_code));
}

// False: out of memory.
bool make_page(host::Frame& frame, void (*write)(u8* page)) {
    if (!(frame == host::no_frame)) return true;
    frame = host::allocate_frame();
    if (frame == host::no_frame) return false;
    write(host::frame_bytes(frame));
    replace_calls(frame);
    host::publish_code(frame);
    return true;
}

}  // namespace

Attempt<Nothing> map_signal_page(Memory& memory, VirtualAddress& signal_return) {
    bool const is_narrow = memory.is_narrow();
    host::Frame& frame = is_narrow ? narrow_signal_page : signal_page;
    if (!make_page(frame, is_narrow ? write_narrow_signal_page : write_signal_page))
        return Errno::nomem;
    u64 const page = memory.choose(0, page_size);
    if (page == 0) return Errno::nomem;
    signal_return = {page + (is_narrow ? 0 : arch::signal_return_offset)};
    return memory.map_frame(page, frame, Access::read_execute, RegionName::signal_page);
}

Attempt<Nothing> map_helper_page(Memory& memory) {
    if (!make_page(helper_frame, arch::narrow::write_helper_page)) return Errno::nomem;
    return memory.map_frame(helper_address, helper_frame, Access::read_execute,
                            RegionName::helper_page);
}

}  // namespace vdsokit::personality

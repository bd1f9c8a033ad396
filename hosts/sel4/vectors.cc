// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/vectors.h"

#include "hosts/sel4/memory/address_space.h"

// own_code.S
extern "C" char const own_code_begin[], own_code_save[], own_code_restore[], own_code_end[];

namespace vdsokit::sel4 {
namespace {

using host::AddressSpace;
using kit::Access;

constinit host::Frame code_frame = host::no_frame;
constinit host::Frame data_frame = host::no_frame;
constinit MappingCap code;
constinit MappingCap data;

// As own_code.S has it.
struct Saved {
    u8 vector[32 * 16];
    u64 fpsr;
    u64 fpcr;
};
static_assert(sizeof(Saved::vector) == sizeof(host::Registers::vector));

Saved& saved() { return *reinterpret_cast<Saved*>(host::frame_bytes(data_frame)); }
u64 place_of(char const* symbol) {
    return AddressSpace::own_code + static_cast<u64>(symbol - own_code_begin);
}

}  // namespace

VectorWindow::VectorWindow(SpaceCap space) {
    map_page(code, space, AddressSpace::own_code, Access::read_execute);
    map_page(data, space, AddressSpace::own_data, Access::read_write);
}

VectorWindow::~VectorWindow() {
    unmap_page(code);
    unmap_page(data);
}

u64 VectorWindow::save_entry() { return place_of(own_code_save); }
u64 VectorWindow::restore_entry() { return place_of(own_code_restore); }

void VectorWindow::read(host::Registers& registers) const {
    __builtin_memcpy(registers.vector, saved().vector, sizeof(registers.vector));
    registers.fpsr = static_cast<u32>(saved().fpsr);
    registers.fpcr = static_cast<u32>(saved().fpcr);
}

void VectorWindow::write(host::Registers const& registers) const {
    __builtin_memcpy(saved().vector, registers.vector, sizeof(registers.vector));
    saved().fpsr = registers.fpsr;
    saved().fpcr = registers.fpcr;
}

bool start_vectors() {
    code_frame = host::allocate_frame();
    data_frame = host::allocate_frame();
    if (code_frame == host::no_frame || data_frame == host::no_frame) return false;
    __builtin_memcpy(host::frame_bytes(code_frame), own_code_begin,
                     static_cast<u64>(own_code_end - own_code_begin));
    host::publish_code(code_frame);
    code = copy_frame(frame_cap(code_frame), Access::read_execute);
    data = copy_frame(frame_cap(data_frame), Access::read_write);
    return !code.is_null() && !data.is_null();
}

}  // namespace vdsokit::sel4

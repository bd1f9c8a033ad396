// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/thread.h"

#include "cpu.h"

#include "hosts/sel4/objects/threads.h"
#include "hosts/sel4/panic.h"
#include "hosts/sel4/scheduler.h"
#include "hosts/sel4/vectors.h"

namespace vdsokit::host {
namespace {

constexpr u64 words = sizeof(seL4_UserContext) / sizeof(seL4_Word);

// The kernel's order: those that a system call needs come first.
constexpr u32 frame_registers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 29, 30};
constexpr u32 other_registers[] = {9,  10, 11, 12, 13, 14, 15, 19, 20,
                                   21, 22, 23, 24, 25, 26, 27, 28};
constexpr u64 frame_at = 3;  // behind pc, sp, spsr
constexpr u64 other_at = frame_at + sizeof(frame_registers) / sizeof(u32);
static_assert(offsetof(seL4_UserContext, x0) == frame_at * sizeof(seL4_Word) &&
              offsetof(seL4_UserContext, x16) == (frame_at + 9) * sizeof(seL4_Word) &&
              offsetof(seL4_UserContext, x30) == (frame_at + 13) * sizeof(seL4_Word) &&
              offsetof(seL4_UserContext, x9) == other_at * sizeof(seL4_Word) &&
              offsetof(seL4_UserContext, x19) == (other_at + 7) * sizeof(seL4_Word) &&
              offsetof(seL4_UserContext, tpidr_el0) ==
                  (other_at + sizeof(other_registers) / sizeof(u32)) * sizeof(seL4_Word));

seL4_Word* words_of(seL4_UserContext& context) { return &context.pc; }

void to_kernel(Registers const& from, seL4_UserContext& to) {
    to.pc = from.pc;
    to.sp = from.sp;
    to.spsr = from.pstate;
    u64 at = frame_at;
    for (u32 const number : frame_registers) words_of(to)[at++] = from.x[number];
    for (u32 const number : other_registers) words_of(to)[at++] = from.x[number];
    to.tpidr_el0 = from.tls;
    to.tpidrro_el0 = 0;
}

void from_kernel(seL4_UserContext& from, Registers& to) {
    to.pc = from.pc;
    to.sp = from.sp;
    to.pstate = from.spsr;
    u64 at = frame_at;
    for (u32 const number : frame_registers) to.x[number] = words_of(from)[at++];
    for (u32 const number : other_registers) to.x[number] = words_of(from)[at++];
    to.tls = from.tpidr_el0;
}

}  // namespace

void Thread::configure() {
    if (!sel4::configure_thread(cap_, space_->cap())) sel4::panic("a thread cannot be configured");
    is_known_ = false;
}

bool Thread::create(AddressSpace& space) {
    page_ = sel4::take_page();
    if (page_.is_none()) return false;
    cap_ = sel4::make_thread(sel4::untyped_of(page_));
    if (cap_.is_null()) {
        sel4::give_back_page(page_);
        return false;
    }
    space_ = &space;
    configure();
    return true;
}

void Thread::destroy() {
    sel4::scheduler.queue().forget(*this);
    sel4::delete_thread(cap_);
    sel4::give_back_page(page_);
    cap_ = {};
}

// A new TCB: its vector registers are zero, and the kernel has no other way to make them so.
void Thread::use(AddressSpace& space) {
    sel4::delete_thread(cap_);
    cap_ = sel4::make_thread(sel4::untyped_of(page_));
    if (cap_.is_null()) sel4::panic("the slot that was just free is gone");
    space_ = &space;
    configure();
}

void Thread::run() { sel4::scheduler.queue().add(*this); }
void Thread::stop() { sel4::scheduler.queue().remove(*this); }

u64 Thread::cpu_time() const {
    u64 const cycles =
        sel4::scheduler.queue().cycles_run(*this, arch::read_counter(sel4::user_counter));
    return machine::nanoseconds_of(cycles, arch::counter_frequency());
}

// Writes no more than what has changed, in the kernel's order: after most calls pc and x0.
void Thread::resume() {
    seL4_UserContext wanted{};
    to_kernel(registers_, wanted);
    u64 count = words;
    if (is_known_)
        while (count > 1 && words_of(wanted)[count - 1] == words_of(known_)[count - 1]) --count;
    sel4::write_registers(cap_, wanted, count);
}

void Thread::halt() {
    sel4::read_registers(cap_, known_);
    is_known_ = true;
    from_kernel(known_, registers_);
}

void Thread::run_own_code(u64 entry) {
    seL4_UserContext context{};
    context.pc = entry;
    context.x0 = AddressSpace::own_data;
    sel4::write_registers(cap_, context, words);
    sel4::scheduler.wait_for_own_code();
    is_known_ = false;
}

void Thread::fetch_vectors() {
    sel4::VectorWindow window(space_->cap());
    run_own_code(sel4::VectorWindow::save_entry());
    window.read(registers_);
}

void Thread::put_vectors() {
    sel4::VectorWindow window(space_->cap());
    window.write(registers_);
    run_own_code(sel4::VectorWindow::restore_entry());
}

}  // namespace vdsokit::host

// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/limits.h"

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/memory/layout.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/usage.h"

namespace vdsokit::personality {

namespace {

Outcome change(Process& process, u32 resource, Limit const& wanted) {
    if (wanted.soft > wanted.hard) return Outcome::error(Errno::inval);
    // The table of descriptors has its own end.
    if (resource == static_cast<u32>(Resource::files) && wanted.hard > descriptor_limit)
        return Outcome::error(Errno::perm);
    process.limits[resource] = wanted;
    return Outcome::done(0);
}

}  // namespace

void set_first_limits(Process& process) {
    for (Limit& limit : process.limits) limit = Limit{};
    process.limit(Resource::stack).soft = stack_size;
    process.limit(Resource::core).soft = 0;
    process.limit(Resource::files) = {descriptor_limit, descriptor_limit};
    process.limit(Resource::pending_signals) = {1024, 1024};
    process.limit(Resource::locked) = {8 << 20, 8 << 20};
    process.limit(Resource::message_queue) = {819200, 819200};
    process.limit(Resource::nice) = {0, 0};
    process.limit(Resource::realtime_priority) = {0, 0};
}

Outcome prlimit_call(Call& call) {
    i32 const id = call.number(0);
    u32 const resource = static_cast<u32>(call.argument(1));
    if (resource >= resource_count) return Outcome::error(Errno::inval);
    Process* const process = id == 0 ? &call.process : Process::find(id);
    if (process == nullptr) return Outcome::error(Errno::srch);
    Memory& memory = call.process.memory();
    Limit const old = process->limits[resource];
    Limit wanted;
    if (call.argument(2) != 0) {
        if (!memory.load(wanted, call.address(2))) return Outcome::error(Errno::fault);
        Outcome const changed = change(*process, resource, wanted);
        if (changed.value() != 0) return changed;
    }
    if (call.argument(3) != 0 && !memory.store(call.address(3), old))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome getrlimit_call(Call& call) {
    u32 const resource = static_cast<u32>(call.argument(0));
    if (resource >= resource_count) return Outcome::error(Errno::inval);
    if (!call.process.memory().store(call.address(1), call.process.limits[resource]))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome setrlimit_call(Call& call) {
    u32 const resource = static_cast<u32>(call.argument(0));
    Limit wanted;
    if (resource >= resource_count) return Outcome::error(Errno::inval);
    if (!call.process.memory().load(wanted, call.address(1))) return Outcome::error(Errno::fault);
    return change(call.process, resource, wanted);
}

}  // namespace vdsokit::personality

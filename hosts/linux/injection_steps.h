// SPDX-License-Identifier: BSD-2-Clause
// The batch that gives a process our image, and where it lies while it runs:
//
//     near:   the file; code, then time page and chain page, right in front of the kernel's vDSO
//     far:    something is there already: code and time page wherever the kernel has room, and a chain
//             page of the process's own, because the shared one is for that one distance
//     tail:   the vector names our image; zero the steps; go
//     failure: unmap; say so; zero the steps; go
#pragma once

#include <linux/prctl.h>

#include <string>
#include <vector>

#include "linux_tracee.h"

#include "abi/chain_page.h"
#include "hosts/linux/batch.h"
#include "hosts/linux/initial_auxv.h"
#include "hosts/linux/injection.h"

namespace vdsokit::on_linux {

inline constexpr u64 steps_max = 48;

// What the process's memory below its stack pointer holds while the batch runs. It lies inside the
// 128 KiB that exec gives the stack at once. [Linux fs/exec.c setup_arg_pages]
class StepRoom {
public:
    StepRoom(u64 stack_pointer, u64 auxv_bytes) : auxv_bytes_(auxv_bytes) {
        end_ = (stack_pointer - arch::red_zone) & ~u64{63};
        begin_ = (end_ - bytes()) & ~u64{63};
    }
    u64 steps() const { return begin_; }
    u64 chain() const { return begin_ + steps_max * sizeof(BatchStep); }
    u64 map() const { return chain() + sizeof(abi::ChainPage); }
    u64 auxv() const { return map() + sizeof(prctl_mm_map); }
    u64 words() const { return (end_ - begin_) / sizeof(u64); }

private:
    u64 bytes() const { return auxv() - begin_ + auxv_bytes_; }

    u64 auxv_bytes_;
    u64 begin_ = 0;
    u64 end_;
};

struct InjectionPlan {
    Payload const& payload;
    InjectionOptions const& options;
    InitialAuxv const& auxv;
    StepRoom const& room;
    u64 entry;       // of the program
    bool sets_auxv;  // what room.map() says is known
};

// steps_max of them.
std::vector<BatchStep> compose_steps(InjectionPlan const& plan);

}  // namespace vdsokit::on_linux

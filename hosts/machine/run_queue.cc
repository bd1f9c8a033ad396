// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/run_queue.h"

namespace vdsokit::machine {

void RunQueue::add(Runnable& one) {
    if (one.next_ != nullptr) return;
    if (turn_ == nullptr) {
        turn_ = one.next_ = one.previous_ = &one;
        return;
    }
    // Before the one whose turn it is: after all others.
    one.next_ = turn_;
    one.previous_ = turn_->previous_;
    one.previous_->next_ = &one;
    turn_->previous_ = &one;
}

void RunQueue::remove(Runnable& one) {
    if (one.next_ == nullptr) return;
    if (turn_ == &one) turn_ = one.next_ == &one ? nullptr : one.next_;
    one.previous_->next_ = one.next_;
    one.next_->previous_ = one.previous_;
    one.next_ = one.previous_ = nullptr;
}

void RunQueue::forget(Runnable& one) {
    remove(one);
    if (running_ == &one) running_ = nullptr;
}

void RunQueue::pass_on() {
    if (turn_ != nullptr) turn_ = turn_->next_;
}

void RunQueue::set_running(Runnable* one, Cycles now) {
    if (running_ == one && one != nullptr) return;
    if (running_ != nullptr) running_->cycles_run_ += now.value - charged_until_;
    charged_until_ = now.value;
    running_ = one;
}

u64 RunQueue::cycles_run(Runnable const& one, Cycles now) const {
    return running_ == &one ? one.cycles_run_ + (now.value - charged_until_) : one.cycles_run_;
}

}  // namespace vdsokit::machine

// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/initial_auxv.h"

#include <elf.h>

namespace vdsokit::on_linux {

namespace {

constexpr u64 entries_max = 256;             // the kernel's own vector has about 25
constexpr u64 pointers_max = 6u << 20 >> 3;  // arguments and environment: at most 6 MiB of pointers

// Reads words one buffer at a time.
class Words {
public:
    Words(Tracee const& tracee, u64 address) : tracee_(tracee), next_(address) {}

    u64 address() const { return next_ - (buffer_.size() - at_) * sizeof(u64); }

    std::optional<u64> take() {
        if (at_ == buffer_.size() && !fill()) return std::nullopt;
        return buffer_[at_++];
    }

private:
    // Up to a page's end, so that a stack that ends there is read to its end.
    bool fill() {
        u64 const bytes = 4096 - next_ % 4096;
        buffer_.resize(bytes / sizeof(u64));
        at_ = 0;
        if (tracee_.read(next_, buffer_.data(), bytes)) {
            next_ += bytes;
            return true;
        }
        buffer_.clear();
        return false;
    }

    Tracee const& tracee_;
    u64 next_;
    std::vector<u64> buffer_;
    std::size_t at_ = 0;
};

bool skip_pointers(Words& words) {
    for (u64 count = 0; count < pointers_max; ++count) {
        auto const word = words.take();
        if (!word) return false;
        if (*word == 0) return true;
    }
    return false;
}

}  // namespace

std::optional<InitialAuxv> read_initial_auxv(Tracee const& tracee, u64 stack_pointer) {
    if (stack_pointer % 16 != 0) return std::nullopt;
    Words words(tracee, stack_pointer);
    auto const count = words.take();
    if (!count || *count > pointers_max) return std::nullopt;
    if (!skip_pointers(words)) return std::nullopt;  // the arguments
    if (!skip_pointers(words)) return std::nullopt;  // the environment
    InitialAuxv auxv;
    auxv.address = words.address();
    while (auxv.entries.size() < entries_max) {
        auto const type = words.take();
        auto const value = words.take();
        if (!type || !value) return std::nullopt;
        auxv.entries.push_back({*type, *value});
        if (*type == AT_NULL) return auxv;
    }
    return std::nullopt;
}

u64 InitialAuxv::value(u64 type) const {
    for (AuxEntry const& entry : entries)
        if (entry.type == type) return entry.value;
    return 0;
}

u64 InitialAuxv::vdso() const { return value(AT_SYSINFO_EHDR); }

u64 InitialAuxv::vdso_value_at() const {
    for (u64 index = 0; index < entries.size(); ++index)
        if (entries[index].type == AT_SYSINFO_EHDR)
            return address + index * sizeof(AuxEntry) + offsetof(AuxEntry, value);
    return 0;
}

}  // namespace vdsokit::on_linux

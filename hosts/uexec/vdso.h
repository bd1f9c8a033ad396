// SPDX-License-Identifier: BSD-2-Clause
// The image, from its file to this process's memory.
#pragma once

#include <memory>
#include <vector>

#include "abi/time_page.h"
#include "hosts/uexec/page_file.h"
#include "hosts/uexec/refusal.h"
#include "kit/process/exec.h"

namespace vdsokit::uexec {

class Vdso {
public:
    // `unchecked`: whatever the rules say of it, as long as it is a number of whole pages, of which
    // the last is taken for its time page.
    static OrRefusal<std::unique_ptr<Vdso>> load(std::string const& path, bool unchecked);

    u64 size() const { return access_.size() * pages_.page_size(); }
    u64 alignment() const { return alignment_; }
    // For whoever publishes; nullptr: the last page of an unchecked image is no time page.
    abi::TimePage* time_page() { return time_page_; }

    // Code r-x, the time page r--, over room that is held for it.
    Failure map(u64 base);
    // Afterwards nobody in this process can write the time page.
    void let_go();

private:
    OrRefusal<std::unique_ptr<Vdso>> static load_checked(kit::Bytes file, std::string const& path);
    OrRefusal<std::unique_ptr<Vdso>> static load_unchecked(kit::Bytes file,
                                                           std::string const& path);

    PageFile pages_;
    std::vector<kit::Access> access_;  // of each page
    u64 alignment_ = 0;
    abi::TimePage* time_page_ = nullptr;
};

}  // namespace vdsokit::uexec

// SPDX-License-Identifier: BSD-2-Clause
// The contract of an image, as one table of rules with three users: a kernel refuses an image at
// the first rule that it breaks, `vdsokit check` lists them all, and CI runs that on every image it
// builds. Each rule with who needs it: docs/image-contract.md.
#pragma once

#include "kit/image/image_view.h"

namespace vdsokit::kit {

// What a rule says about one image.
class Finding {
public:
    static constexpr Finding holds() { return {Kind::holds, 0}; }
    static constexpr Finding fails(u64 at) { return {Kind::fails, at}; }
    static constexpr Finding fails(FileOffset at) { return {Kind::fails, at.value}; }
    // What the rule is about cannot be read; an earlier rule fails for that.
    static constexpr Finding unreached() { return {Kind::unreached, 0}; }

    constexpr bool is_held() const { return kind_ == Kind::holds; }
    constexpr bool is_failed() const { return kind_ == Kind::fails; }
    constexpr bool is_unreached() const { return kind_ == Kind::unreached; }
    constexpr FileOffset at() const { return {at_}; }

private:
    enum class Kind : u8 { holds, fails, unreached };
    constexpr Finding(Kind kind, u64 at) : at_(at), kind_(kind) {}

    u64 at_;
    Kind kind_;
};

enum class RuleScope : u8 {
    any_vdso,  // without it an image is unsafe to map, or a libc cannot use it
    host,      // what a host must be able to rely on before it loads this very image
    vdsokit,   // what the kit and the tools promise about an image with the vdsokit note
};

struct ImageRule {
    char const* name;
    char const* reason;  // completes "refused because"
    RuleScope scope;
    Finding (*check)(ImageView const&);
};

// In the order in which a host applies them: a rule stands behind those that it builds upon.
class ImageRules {
public:
    constexpr ImageRules(ImageRule const* first, u64 count) : first_(first), count_(count) {}
    constexpr ImageRule const* begin() const { return first_; }
    constexpr ImageRule const* end() const { return first_ + count_; }
    constexpr u64 size() const { return count_; }

private:
    ImageRule const* first_;
    u64 count_;
};
extern ImageRules const image_rules;

// nullptr: no rule has that name.
ImageRule const* find_rule(Text name);

}  // namespace vdsokit::kit

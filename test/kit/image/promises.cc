// SPDX-License-Identifier: BSD-2-Clause
#include "test/kit/image/promises.h"

#include "kit/image/mapping.h"
#include "test/kit/image/fake_memory.h"

namespace vdsokit::test {
namespace {

std::string broken_by_view(kit::Image const& image, kit::ImageView const& view) {
    u64 const page = image.page_size();
    if (page != 4096 && page != 16384 && page != 65536) return "a page has one of three sizes";
    if (image.size() != view.elf.file().size()) return "an image is as long as its file";
    if (image.code_size() % page != 0 || image.code_size() + page != image.size())
        return "it is whole pages of code and a time page";
    for (u64 index = 0; index < image.trap_count(); ++index)
        if (!kit::inside(image.trap_site(index).value, image.trap_size(), image.code_size()))
            return "an instruction that enters the kernel lies in the code";
    for (u64 index = 1; index < view.symbols.count(); ++index) {
        kit::Symbol const symbol = view.symbols.symbol(index);
        if (view.symbols.is_export(symbol) &&
            !kit::inside(symbol.value, symbol.size, image.code_size()))
            return "an export lies in the code";
    }
    auto const sigreturn = image.sigreturn();
    if (sigreturn && sigreturn.value().value >= image.code_size())
        return "the way back from a signal lies in the code";
    return {};
}

std::string broken_by_mapping(kit::Image const& image) {
    FakeFrames frames;
    auto const loaded = kit::Preload<FakeFrames>::load(frames, image, {.trap_replacement = u32{0}});
    if (!loaded) return "an image of any page size can be preloaded in small frames";
    auto const& preload = loaded.value();
    for (u64 clock = 0; clock < abi::clock_lines; ++clock) {
        abi::ClockLine const& line = preload.time_page()->clocks[clock];
        if (!abi::is_line_state(line.state) || (line.state & abi::state_locked) != 0)
            return "a clock's line is one of ours and not locked";
        if (line.shift > 63) return "a shift is one";
    }
    FakeSpace space;
    if (!kit::map_image<FakeFrames>(space, preload, {0x4'0000'0000})) return "it can be mapped";
    for (auto const& [at, mapped] : space.pages)
        if (mapped.access == kit::Access::read_write) return "no page of it can be written";
    return {};
}

}  // namespace

std::string broken_promise(TestImage const& file) {
    kit::ImageView const view = file.view();
    u64 failed = 0;
    u64 unreached = 0;
    for (kit::ImageRule const& rule : kit::image_rules) {
        if (rule.scope == kit::RuleScope::host) continue;
        if (rule.scope == kit::RuleScope::vdsokit && !view.note) continue;
        kit::Finding const finding = rule.check(view);
        if (finding.is_failed()) ++failed;
        if (finding.is_unreached()) ++unreached;
    }
    if (failed == 0 && unreached != 0) return "a rule that is skipped is skipped for a reason";
    auto const image = kit::open_image(file.bytes());
    if (!image) return image.error().rule == nullptr ? "a refusal names its rule" : "";
    if (failed != 0) return "what is accepted breaks no rule";
    std::string const broken = broken_by_view(image.value(), view);
    return broken.empty() ? broken_by_mapping(image.value()) : broken;
}

}  // namespace vdsokit::test

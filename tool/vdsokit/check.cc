// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/check.h"

#include <fmt/format.h>

namespace vdsokit::tool {
namespace {

std::string count(u64 number, char const* noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

}  // namespace

Report check(kit::Bytes image) {
    kit::ImageView const view{image};
    Report report;
    for (kit::ImageRule const& rule : kit::image_rules) {
        switch (rule.scope) {
        case kit::RuleScope::host: continue;
        case kit::RuleScope::vdsokit:
            if (!view.note) {
                ++report.left_out;
                continue;
            }
            break;
        case kit::RuleScope::any_vdso: break;
        }
        kit::Finding const finding = rule.check(view);
        if (finding.is_unreached()) {
            ++report.unreached;
            continue;
        }
        ++report.applied;
        if (finding.is_failed()) report.failed.push_back({&rule, finding.at()});
    }
    return report;
}

std::string as_text(std::string const& name, Report const& report) {
    std::string text;
    for (Report::Failed const& failed : report.failed)
        text += fmt::format("{}: {}: {} (offset {:#x})\n", name, failed.rule->name,
                            failed.rule->reason, failed.at.value);
    std::string notes;
    if (report.unreached != 0)
        notes += fmt::format("; {} could not be checked for that", count(report.unreached, "rule"));
    if (report.left_out != 0)
        notes += fmt::format("; no vdsokit note, so {} for vdsokit images not applied",
                             count(report.left_out, "rule"));
    if (report.is_ok())
        text += fmt::format("{}: ok: {} hold{}\n", name, count(report.applied, "rule"), notes);
    else
        text += fmt::format("{}: refused: {} of {} broken{}\n", name, report.failed.size(),
                            count(report.applied, "rule"), notes);
    return text;
}

nlohmann::ordered_json as_json(std::string const& name, Report const& report) {
    nlohmann::ordered_json failures = nlohmann::ordered_json::array();
    for (Report::Failed const& failed : report.failed)
        failures.push_back({{"rule", failed.rule->name},
                            {"reason", failed.rule->reason},
                            {"offset", failed.at.value}});
    return {{"file", name},
            {"ok", report.is_ok()},
            {"vdsokit_note", report.left_out == 0},
            {"rules_applied", report.applied},
            {"rules_unreached", report.unreached},
            {"failures", failures}};
}

}  // namespace vdsokit::tool

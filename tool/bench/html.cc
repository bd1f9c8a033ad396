// SPDX-License-Identifier: BSD-2-Clause
// The report as one page. Well-formed as XML too, so that a test can read it; names no address.
#include <iterator>

#include <fmt/format.h>

#include "tool/bench/drawing.h"
#include "tool/bench/report.h"

namespace vdsokit::bench {

namespace {

constexpr char const* style = R"(
:root { color-scheme: light dark; --text: #1b1f24; --soft: #5b6570; --line: #d8dee4; --page: #fff;
  --own: #0a7f6f; --kernel: #d9641e; --libc: #7a5ad6; --other: #b3376b; --call: #8a94a0; --counter: #9aa4b0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaee; --soft: #9aa6b2; --line: #333b44;
  --page: #14181d; --own: #35c4ac; --kernel: #f29a5c; --libc: #ab93f5; --other: #f07ba9; --counter: #7b8794; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
  max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 .2rem; } figure { margin: 0; } p.soft { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } thead th { color: var(--soft); font-weight: 600; }
td .spread { color: var(--soft); font-size: .85em; }
details { border-top: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; font-weight: 600; }
svg { width: 100%; height: auto; display: block; }
svg text { font: 12px system-ui, sans-serif; fill: var(--text); }
svg text.name { text-anchor: end; } svg text.number { text-anchor: end; }
svg text.tick { text-anchor: middle; fill: var(--soft); font-size: 11px; }
svg text.unit { text-anchor: end; fill: var(--soft); font-size: 11px; }
svg text.small { font-size: 10px; fill: var(--soft); }
svg .grid { stroke: var(--line); } svg .median { stroke: var(--text); stroke-width: 1.5; }
svg .own { fill: var(--own); } svg .kernel { fill: var(--kernel); } svg .libc { fill: var(--libc); }
svg .other { fill: var(--other); } svg .call { fill: var(--call); } svg .counter { fill: var(--counter); }
.key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .3em 0 .8em; }
.key.own { background: var(--own); } .key.kernel { background: var(--kernel); }
)";

std::string cell(Figures const& figures) {
    if (!figures.is_measured()) return "<td>-</td>";
    return fmt::format(R"(<td>{:.2f} <span class="spread">±{:.2f}</span></td>)",
                       figures.nanoseconds.median, figures.nanoseconds.spread() / 2);
}

std::string ratio_cell(Summary const& summary) {
    return summary.count == 0 ? "<td>-</td>" : fmt::format("<td>{:.2f}</td>", summary.median);
}

std::string figures_table(Report const& report, Table const& table) {
    std::vector<Subject> const shown = columns(report);
    std::string html = R"(<div class="scroll"><table><thead><tr><th></th>)";
    for (Subject const subject : shown) html += fmt::format("<th>{}</th>", name_of(subject));
    html += "<th>ours / counter</th><th>ours / kernel</th>";
    if (!report.other.empty()) html += "<th>ours / other</th>";
    html += "</tr></thead><tbody>";
    for (RowFigures const& row : table.rows) {
        html += fmt::format("<tr><td>{}</td>", escaped(row.row.label()));
        for (Subject const subject : shown) html += cell(row.of(subject));
        html += ratio_cell(row.of(Subject::own).to_counter);
        html += ratio_cell(row.of(Subject::own).to_kernel);
        if (!report.other.empty()) html += ratio_cell(row.of(Subject::own).to_other);
        html += "</tr>";
    }
    return html + "</tbody></table></div>";
}

std::string name_of(Condition const& condition) {
    return fmt::format("{} core{}, {} writes a second", condition.cores,
                       condition.cores == 1 ? "" : "s", condition.writes_per_second);
}

// A column each: what readers pay for cores and for writes.
std::string load_table(Report const& report) {
    std::string html = R"(<div class="scroll"><table><thead><tr><th></th>)";
    for (Table const& table : report.tables)
        html +=
            fmt::format("<th>{} core{}<br/>{} writes/s</th>", table.condition.cores,
                        table.condition.cores == 1 ? "" : "s", table.condition.writes_per_second);
    html += "</tr></thead><tbody>";
    for (std::size_t row = 0; row < report.tables.front().rows.size(); ++row) {
        html +=
            fmt::format("<tr><td>{}</td>", escaped(report.tables.front().rows[row].row.label()));
        for (Table const& table : report.tables) {
            RowFigures const& here = table.rows[row];
            html += fmt::format("<td>{:.2f}", here.of(Subject::own).nanoseconds.median);
            if (table.condition.writes_per_second != 0)
                html += fmt::format(R"( <span class="spread">{:+.1f} %</span>)",
                                    100 * slowdown(here, quiet_twin(report, table).rows[row]));
            html += "</td>";
        }
        html += "</tr>";
    }
    return html + "</tbody></table></div>";
}

std::string key() {
    std::string html = R"(<p class="soft">)";
    for (Subject const subject : {Subject::own, Subject::kernel})
        html +=
            fmt::format(R"(<span class="key {}"></span>{})", class_of(subject), name_of(subject));
    return html + "; median ns a call, 1 core, page not written</p>";
}

}  // namespace

std::string as_html(Report const& report) {
    Table const& first = report.tables.front();
    std::string html;
    auto out = std::back_inserter(html);
    fmt::format_to(out,
                   R"(<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/>)"
                   R"(<meta name="viewport" content="width=device-width, initial-scale=1"/>)"
                   R"(<title>vdsokit bench</title><style>{}</style></head><body>)",
                   style);
    fmt::format_to(
        out,
        R"(<h1>vdsokit bench</h1><p class="soft">{}, {}, {} core{}, counter {:.3f} MHz, )"
        "kernel clock source {}; {}{}{}</p>",
        escaped(report.machine.cpu), escaped(report.machine.kernel), report.cores,
        report.cores == 1 ? "" : "s", static_cast<double>(report.counter_frequency) / 1e6,
        escaped(report.machine.clocksource.empty() ? "unknown" : report.machine.clocksource),
        escaped(report.image), report.other.empty() ? "" : ", and as the other ",
        escaped(report.other));
    html += "<h2>Time per call</h2>" + key() + "<figure>" + overview(first) + "</figure>";
    html += figures_table(report, first);
    html +=
        R"(<p class="soft">Median, and half the distance between the quartiles. Ratios are taken )"
        "between neighbours in the same round and are steadier than the nanoseconds.</p>";
    html += "<h2>Under load</h2>" + load_table(report);
    html +=
        R"(<p class="soft">Ours, in ns a call. The percentage is what the writes add, measured )"
        "against the bare counter of the same rounds.</p>";
    html += "<h2>Distributions</h2>";
    for (Table const& table : report.tables) {
        fmt::format_to(out, "<details{}><summary>{}</summary>",
                       &table == &first ? R"( open="open")" : "", name_of(table.condition));
        if (&table != &first) html += figures_table(report, table);
        for (RowFigures const& row : table.rows)
            fmt::format_to(out, "<h3>{}</h3><figure>{}</figure>", escaped(row.row.label()),
                           distributions(row));
        html += "</details>";
    }
    return html + "</body></html>\n";
}

}  // namespace vdsokit::bench

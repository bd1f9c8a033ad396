// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/drawing.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace vdsokit::bench {

namespace {

constexpr double width = 760;
constexpr double label_width = 120;
constexpr double number_width = 90;
constexpr double plot_width = width - label_width - number_width;

struct Axis {
    double from;
    double to;

    double x(double value) const { return label_width + (value - from) / (to - from) * plot_width; }
};

// 1, 2 or 5 times a power of ten, so that about six of them span the axis.
double tick_step(double span) {
    double const raw = span / 6;
    double const power = std::pow(10, std::floor(std::log10(raw)));
    for (double const factor : {1.0, 2.0, 5.0})
        if (factor * power >= raw) return factor * power;
    return 10 * power;
}

void draw_axis(std::string& svg, Axis axis, double top, double bottom) {
    auto out = std::back_inserter(svg);
    double const step = tick_step(axis.to - axis.from);
    for (double tick = std::ceil(axis.from / step); tick * step <= axis.to; ++tick) {
        double const value = tick * step;
        double const x = axis.x(value);
        fmt::format_to(out,
                       R"(<line class="grid" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.0f}" y2="{2:.0f}"/>)"
                       R"(<text class="tick" x="{0:.1f}" y="{3:.0f}">{4:.{5}f}</text>)",
                       x, top, bottom, bottom + 14, value, step < 1 ? 1 : 0);
    }
    fmt::format_to(out, R"(<text class="unit" x="{:.0f}" y="{:.0f}">ns a call</text>)", width,
                   bottom + 14);
}

std::string open_svg(double height, std::string const& title) {
    return fmt::format(R"(<svg viewBox="0 0 {:.0f} {:.0f}" role="img"><title>{}</title>)", width,
                       height, escaped(title));
}

constexpr double lane = 30;

// The curve of one subject over its lane, as high as its most frequent value.
void draw_lane(std::string& svg, Axis axis, Subject subject, Figures const& figures, double base) {
    // Few samples in many bins would be noise.
    auto const root = static_cast<u32>(std::sqrt(static_cast<double>(figures.sorted.size())));
    u32 const bins = std::clamp(3 * root, 24u, 120u);
    Histogram const counts = histogram(figures.sorted, axis.from, axis.to, bins);
    u64 const most =
        std::max<u64>(1, *std::max_element(counts.counts.begin(), counts.counts.end()));
    auto out = std::back_inserter(svg);
    fmt::format_to(out, R"(<text class="name" x="{:.0f}" y="{:.0f}">{}</text>)", label_width - 10,
                   base - 4, name_of(subject));
    fmt::format_to(out, R"(<path class="{}" d="M{:.1f} {:.0f})", class_of(subject),
                   axis.x(axis.from), base);
    for (u32 bin = 0; bin < bins; ++bin) {
        double const value = axis.from + (bin + 0.5) * (axis.to - axis.from) / bins;
        double const part = static_cast<double>(counts.counts[bin]) / static_cast<double>(most);
        fmt::format_to(out, "L{:.1f} {:.1f}", axis.x(value), base - part * (lane - 6));
    }
    fmt::format_to(out, R"(L{:.1f} {:.0f}Z"/>)", axis.x(axis.to), base);
    double const median = std::min(axis.x(figures.nanoseconds.median), label_width + plot_width);
    fmt::format_to(out,
                   R"(<line class="median" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.0f}" y2="{2:.0f}"/>)",
                   median, base - lane + 4, base);
    fmt::format_to(out, R"(<text class="number" x="{:.0f}" y="{:.0f}">{:.2f} ns</text>)", width,
                   base - 4, figures.nanoseconds.median);
}

}  // namespace

std::string escaped(std::string const& text) {
    std::string safe;
    for (char const c : text) {
        switch (c) {
        case '&': safe += "&amp;"; break;
        case '<': safe += "&lt;"; break;
        case '>': safe += "&gt;"; break;
        case '"': safe += "&quot;"; break;
        default: safe += c >= ' ' && c <= '~' ? c : '?';
        }
    }
    return safe;
}

char const* class_of(Subject subject) {
    switch (subject) {
    case Subject::own: return "own";
    case Subject::kernel: return "kernel";
    case Subject::libc: return "libc";
    case Subject::system_call: return "call";
    case Subject::counter: return "counter";
    case Subject::other: return "other";
    }
    return "";
}

std::string overview(Table const& table) {
    constexpr Subject shown[] = {Subject::own, Subject::kernel};
    constexpr double row_height = 30;
    constexpr double wide_label = 250;
    double longest = 0;
    for (RowFigures const& row : table.rows)
        for (Subject const subject : shown)
            longest = std::max(longest, row.of(subject).nanoseconds.median);
    double const height = row_height * static_cast<double>(table.rows.size()) + 8;
    std::string svg = open_svg(height, "Medians of vdsokit and the kernel's vDSO");
    auto out = std::back_inserter(svg);
    double const scale = (width - wide_label - number_width) / std::max(longest, 1e-9);
    for (std::size_t at = 0; at < table.rows.size(); ++at) {
        RowFigures const& row = table.rows[at];
        double y = row_height * static_cast<double>(at) + 4;
        fmt::format_to(out, R"(<text class="name" x="{:.0f}" y="{:.0f}">{}</text>)",
                       wide_label - 10, y + 15, escaped(row.row.label()));
        for (Subject const subject : shown) {
            Figures const& figures = row.of(subject);
            if (figures.is_measured())
                fmt::format_to(
                    out,
                    R"(<rect class="{}" x="{:.0f}" y="{:.0f}" width="{:.1f}" height="10"/>)"
                    R"(<text class="small" x="{:.1f}" y="{:.0f}">{:.2f}</text>)",
                    class_of(subject), wide_label, y, figures.nanoseconds.median * scale,
                    wide_label + figures.nanoseconds.median * scale + 5, y + 9,
                    figures.nanoseconds.median);
            y += 11;
        }
    }
    return svg + "</svg>";
}

std::string distributions(RowFigures const& row) {
    double const reach = 4 * std::max(row.of(Subject::own).nanoseconds.median,
                                      std::min(row.of(Subject::counter).nanoseconds.median,
                                               2 * row.of(Subject::own).nanoseconds.median));
    std::vector<Subject> drawn;
    std::string far;
    Axis axis{1e300, 0};
    for (Subject const subject : all_subjects) {
        Figures const& figures = row.of(subject);
        if (!figures.is_measured()) continue;
        Summary const& ns = figures.nanoseconds;
        if (ns.median > reach) {
            far += fmt::format("{}{} {:.0f} ns", far.empty() ? "not drawn: " : ", ",
                               name_of(subject), ns.median);
            continue;
        }
        drawn.push_back(subject);
        axis.from = std::min(axis.from, ns.low);
        // A long tail does not press the rest into a corner.
        axis.to = std::max(axis.to, std::min(ns.high, 1.5 * ns.median));
    }
    double const margin = std::max(0.06 * (axis.to - axis.from), 0.05 * axis.to);
    axis = {std::max(0.0, axis.from - margin), axis.to + margin};
    double const bottom = lane * static_cast<double>(drawn.size()) + 4;
    std::string svg =
        open_svg(bottom + (far.empty() ? 20 : 38), row.row.label() + ": distribution of ns a call");
    draw_axis(svg, axis, 4, bottom);
    for (std::size_t at = 0; at < drawn.size(); ++at)
        draw_lane(svg, axis, drawn[at], row.of(drawn[at]), lane * static_cast<double>(at + 1) + 4);
    if (!far.empty())
        svg += fmt::format(R"(<text class="unit" x="{:.0f}" y="{:.0f}">{}</text>)", width,
                           bottom + 32, far);
    return svg + "</svg>";
}

}  // namespace vdsokit::bench

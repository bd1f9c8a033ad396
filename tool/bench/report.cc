// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/report.h"

#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace vdsokit::bench {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t label_width = 32;

std::string number(Figures const& figures) {
    if (!figures.is_measured()) return "-";
    return fmt::format("{:.2f} ±{:.2f}", figures.nanoseconds.median,
                       figures.nanoseconds.spread() / 2);
}

std::string ratio(Summary const& summary) {
    return summary.count == 0 ? "-" : fmt::format("{:.2f}", summary.median);
}

Json json_of(Summary const& summary) {
    return {{"p5", summary.low},
            {"p25", summary.lower_quartile},
            {"median", summary.median},
            {"p75", summary.upper_quartile},
            {"p95", summary.high}};
}

Json json_of(RowFigures const& row) {
    Json subjects = Json::object();
    for (Subject const subject : all_subjects) {
        Figures const& figures = row.of(subject);
        if (!figures.is_measured()) continue;
        Json value{{"samples", figures.nanoseconds.count},
                   {"nanoseconds", json_of(figures.nanoseconds)},
                   {"ratio_to_counter", json_of(figures.to_counter)}};
        if (figures.to_kernel.count != 0) value["ratio_to_kernel"] = json_of(figures.to_kernel);
        if (figures.to_other.count != 0) value["ratio_to_other"] = json_of(figures.to_other);
        subjects[name_of(subject)] = value;
    }
    Json value{{"function", row.row.function}};
    if (!row.row.clock.empty()) value["clock"] = row.row.clock;
    value["subjects"] = subjects;
    return value;
}

}  // namespace

std::vector<Table> tables(std::vector<Row> const& rows, std::vector<Measured> measured) {
    std::vector<Table> all;
    for (Measured& one : measured) {
        Table table{one.condition,
                    one.seconds,
                    one.seconds > 0 ? static_cast<double>(one.writes) / one.seconds : 0,
                    {}};
        for (std::size_t row = 0; row < rows.size(); ++row) {
            RowFigures figures{rows[row], {}};
            for (std::size_t subject = 0; subject < subject_count; ++subject) {
                Series& series = one.series[row][subject];
                Figures& to = figures.figures[subject];
                to.nanoseconds = summarise(series.nanoseconds);
                to.to_counter = summarise(series.to_counter);
                to.to_kernel = summarise(series.to_kernel);
                to.to_other = summarise(series.to_other);
                to.sorted = std::move(series.nanoseconds);
            }
            table.rows.push_back(std::move(figures));
        }
        all.push_back(std::move(table));
    }
    return all;
}

double slowdown(RowFigures const& written, RowFigures const& quiet) {
    double const before = quiet.of(Subject::own).to_counter.median;
    return before > 0 ? written.of(Subject::own).to_counter.median / before - 1 : 0;
}

Table const& quiet_twin(Report const& report, Table const& table) {
    for (Table const& other : report.tables)
        if (other.condition.cores == table.condition.cores &&
            other.condition.writes_per_second == 0)
            return other;
    return table;
}

std::vector<Subject> columns(Report const& report) {
    std::vector<Subject> all{Subject::own, Subject::kernel, Subject::libc, Subject::system_call,
                             Subject::counter};
    if (!report.other.empty()) all.insert(all.begin() + 1, Subject::other);
    return all;
}

std::string as_text(Report const& report) {
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "{}, {}, counter {:.3f} MHz, {}\n", report.machine.cpu,
                   report.machine.kernel, static_cast<double>(report.counter_frequency) / 1e6,
                   report.image);
    Table const& first = report.tables.front();
    fmt::format_to(
        out, "\nns a call, median ±half the distance of the quartiles; 1 core, page not written\n");
    std::vector<Subject> const shown = columns(report);
    text += std::string(label_width, ' ');
    for (Subject const subject : shown) fmt::format_to(out, "{:>17}", name_of(subject));
    fmt::format_to(out, "{:>11}{:>11}{:>11}\n", "/ counter", "/ kernel",
                   report.other.empty() ? "" : "/ other");
    for (RowFigures const& row : first.rows) {
        fmt::format_to(out, "{:<{}}", row.row.label(), label_width);
        for (Subject const subject : shown) fmt::format_to(out, "{:>17}", number(row.of(subject)));
        Figures const& own = row.of(Subject::own);
        fmt::format_to(out, "{:>11}{:>11}{:>11}\n", ratio(own.to_counter), ratio(own.to_kernel),
                       report.other.empty() ? "" : ratio(own.to_other));
    }
    fmt::format_to(
        out, "\nvdsokit's ns a call under load, and what that adds to the page not written\n{:<{}}",
        "", label_width);
    for (Table const& table : report.tables)
        fmt::format_to(
            out, "{:>17}",
            fmt::format("{} core{}, {}/s", table.condition.cores,
                        table.condition.cores == 1 ? "" : "s", table.condition.writes_per_second));
    text += '\n';
    for (std::size_t row = 0; row < first.rows.size(); ++row) {
        fmt::format_to(out, "{:<{}}", first.rows[row].row.label(), label_width);
        for (Table const& table : report.tables) {
            RowFigures const& here = table.rows[row];
            std::string cell = fmt::format("{:.2f}", here.of(Subject::own).nanoseconds.median);
            if (table.condition.writes_per_second != 0)
                cell += fmt::format(" {:+.1f} %",
                                    100 * slowdown(here, quiet_twin(report, table).rows[row]));
            fmt::format_to(out, "{:>17}", cell);
        }
        text += '\n';
    }
    return text;
}

std::string as_json(Report const& report) {
    Json tables = Json::array();
    for (Table const& table : report.tables) {
        Json rows = Json::array();
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            Json value = json_of(table.rows[row]);
            value["slowdown_by_writes"] =
                slowdown(table.rows[row], quiet_twin(report, table).rows[row]);
            rows.push_back(value);
        }
        tables.push_back({{"cores", table.condition.cores},
                          {"writes_per_second", table.condition.writes_per_second},
                          {"seconds", table.seconds},
                          {"writes_per_second_measured", table.writes_per_second},
                          {"rows", rows}});
    }
    Json const all{{"machine",
                    {{"cpu", report.machine.cpu},
                     {"kernel", report.machine.kernel},
                     {"architecture", report.machine.architecture},
                     {"clocksource", report.machine.clocksource},
                     {"cores", report.cores}}},
                   {"image", report.image},
                   {"other_image", report.other},
                   {"other", report.other},
                   {"counter_hz", report.counter_frequency},
                   {"tables", tables}};
    // Names of files may be anything: what is no UTF-8 is replaced.
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace vdsokit::bench

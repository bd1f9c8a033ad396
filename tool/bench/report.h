// SPDX-License-Identifier: BSD-2-Clause
// The result as one value, and its three forms.
#pragma once

#include <string>
#include <vector>

#include "tool/bench/machine.h"
#include "tool/bench/measurement.h"

namespace vdsokit::bench {

// Of one subject of one row.
struct Figures {
    Samples sorted;  // ns a call; empty: there is nothing of that kind
    Summary nanoseconds;
    Summary to_counter;
    Summary to_kernel;
    Summary to_other;

    bool is_measured() const { return nanoseconds.count != 0; }
};

struct RowFigures {
    Row row;
    std::array<Figures, subject_count> figures;

    Figures const& of(Subject subject) const { return figures[index_of(subject)]; }
};

struct Table {
    Condition condition;
    double seconds;
    double writes_per_second;  // as it came out
    std::vector<RowFigures> rows;
};

struct Report {
    Machine machine;
    std::string image;
    std::string other;  // empty: none
    u64 counter_frequency;
    u32 cores;
    std::vector<Table> tables;
};

std::vector<Table> tables(std::vector<Row> const& rows, std::vector<Measured> measured);

// How much longer ours takes while the page is written, as a part of its time while nobody does;
// each measured against the counter of its own rounds. `table` and `quiet` have the same cores.
double slowdown(RowFigures const& written, RowFigures const& quiet);
// The table of as many cores that nobody wrote in.
Table const& quiet_twin(Report const& report, Table const& table);

// What has a column in the tables.
std::vector<Subject> columns(Report const& report);

std::string as_text(Report const& report);
std::string as_json(Report const& report);
std::string as_html(Report const& report);

}  // namespace vdsokit::bench

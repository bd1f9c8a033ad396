// SPDX-License-Identifier: BSD-2-Clause
// What `vdsokit run` costs the programs that it runs, as ratios from interleaved runs: the same
// operations by the same code in a plain process, on our vDSO, and under libfaketime.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "bench/linux_host/floor.h"
#include "bench/linux_host/worker.h"

namespace {

using namespace vdsokit;
using bench::Worker;

// One of the ways to start a worker.
enum Way : std::size_t { plain, chained, counter, faketime, filter, notify, stop, way_count };

struct Row {
    char const* operation;
    char const* title;
    u64 count;  // of one reading
    Way measured;
    Way against;
    double target;  // the ratio that is to be kept; 0: a floor, for comparison (floor.h)
};
constexpr Row rows[] = {
    {"exec", "fork, exec of a static no-op, wait", 20, chained, plain, 1.25},
    {"exec", "  floor: notified, goes on", 20, notify, plain, 0},
    {"exec", "  floor: and stopped at exec", 20, stop, plain, 0},
    {"exec", "  ours / that floor", 20, chained, stop, 0},
    {"spawn", "the same by posix_spawn", 20, chained, plain, 1.25},
    {"spawn", "  floor: notified, goes on", 20, notify, plain, 0},
    {"spawn", "  floor: and stopped at exec", 20, stop, plain, 0},
    {"fork", "fork and wait", 20, chained, plain, 1.03},
    {"thread", "thread, created and joined", 100, chained, plain, 1.03},
    {"signal", "a signal to oneself", 1000, chained, plain, 1.03},
    {"call", "a system call", 5000, chained, plain, 1.03},
    {"call", "  floor: a filter that allows", 5000, filter, plain, 0},
    {"call", "  ours / that floor", 5000, chained, filter, 0},
    {"realtime", "clock_gettime, chained / kernel's vDSO", 50000, chained, plain, 1.15},
    {"realtime", "clock_gettime, chained / libfaketime", 50000, chained, faketime, 0.50},
    {"realtime", "clock_gettime, TSC / kernel's vDSO", 50000, counter, plain, 1.00},
    {"monotonic", "the same, CLOCK_MONOTONIC", 50000, counter, plain, 1.00},
};

double median(std::vector<double> values) {
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// The third: one reading may have caught a clock that was being set.
double quickest(std::vector<double> values) {
    std::size_t const third = std::min<std::size_t>(2, values.size() - 1);
    auto const at = values.begin() + static_cast<std::ptrdiff_t>(third);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

struct Workers {
    std::unique_ptr<Worker> of[way_count];
};

// A floor that this kernel does not have: its rows say "not measured".
int serve_under(std::string const& floor, std::string const& self, std::string const& noop) {
    bench::become_under(floor, {self, "--worker", noop});
    return 1;
}

std::string target_of(Row const& row) {
    return row.target == 0 ? "-" : fmt::format("{:.2f}", row.target);
}

char const* verdict(Row const& row, double ratio) {
    if (row.target == 0) return "";
    return ratio <= row.target ? "met" : "missed";
}

Workers start(std::string const& folder, std::string const& self) {
    std::string const noop = folder + "/bench/linux-host-noop";
    std::string const vdsokit = folder + "/bin/vdsokit";
    std::vector<std::string> const worker{self, "--worker", noop};
    auto const with = [&worker](std::vector<std::string> command) {
        command.insert(command.end(), worker.begin(), worker.end());
        return std::make_unique<Worker>(command);
    };
    Workers workers;
    workers.of[plain] = with({});
    workers.of[chained] = with({vdsokit, "run", "--offset", "-1d", "--"});
    workers.of[counter] = with({vdsokit, "run", "--clock-source", "tsc", "--offset", "-1d", "--"});
    for (auto const& [way, floor] :
         {std::pair{filter, "filter"}, {notify, "notify"}, {stop, "stop"}})
        workers.of[way] = std::make_unique<Worker>(
            std::vector<std::string>{self, "--under", floor, "--worker", noop});
    workers.of[faketime] = with({"faketime", "-f", "-1d"});
    return workers;
}

void print_row(Row const& row, Workers& workers, u64 rounds) {
    Worker& measured = *workers.of[row.measured];
    Worker& against = *workers.of[row.against];
    std::vector<double> ours;
    std::vector<double> theirs;
    std::vector<double> ratios;
    for (u64 round = 0; round < rounds; ++round) {
        // Each goes first in turn.
        double values[2];
        for (u64 const side : {round % 2, 1 - round % 2})
            values[side] = (side == 0 ? measured : against).measure(row.operation, row.count);
        if (values[0] <= 0 || values[1] <= 0) {
            fmt::print("{:<40} {:>10} {:>10} {:>8} {:>8} {:>7}  not measured\n", row.title, "-",
                       "-", "-", "-", target_of(row));
            return;
        }
        ours.push_back(values[0]);
        theirs.push_back(values[1]);
        ratios.push_back(values[0] / values[1]);
    }
    // The machine's other work only ever adds: of the readings, the shortest tell most.
    double const least = quickest(ours) / quickest(theirs);
    fmt::print("{:<40} {:>10.1f} {:>10.1f} {:>8.3f} {:>8.3f} {:>7}  {}\n", row.title,
               quickest(ours), quickest(theirs), least, median(ratios), target_of(row),
               verdict(row, least));
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    std::string folder = "build";
    std::string worker;
    std::string under;
    std::string only;
    u64 rounds = 101;
    CLI::App app{"Ratios of what `vdsokit run` costs, from interleaved runs.", "linux-host"};
    app.add_option("--build", folder, "the build folder")->capture_default_str();
    app.add_option("--rounds", rounds, "readings of each row")->capture_default_str();
    bool on_one_cpu = false;
    app.add_flag("--one-cpu", on_one_cpu,
                 "all on the CPU that this runs on: without what the kernel's scheduler makes of "
                 "processes that wake each other up");
    app.add_option("--only", only, "rows of one operation: exec, fork, thread, signal, call, ...");
    app.add_option("--worker", worker)->group("");
    app.add_option("--under", under)->group("");
    CLI11_PARSE(app, argc, argv);
    if (!under.empty()) return serve_under(under, argv[0], worker);
    if (!worker.empty()) return bench::serve(worker.c_str());

    if (on_one_cpu && !bench::stay_here()) {
        std::perror("linux-host: sched_setaffinity");
        return 1;
    }
    Workers workers = start(folder, argv[0]);
    std::signal(SIGPIPE, SIG_IGN);  // a worker that could not start: its rows are not measured
    fmt::print("{:<40} {:>10} {:>10} {:>8} {:>8} {:>7}\n", "ns, and ratios", "measured", "against",
               "quickest", "median", "target");
    for (Row const& row : rows)
        if (only.empty() || only == row.operation) print_row(row, workers, rounds);
    return 0;
}

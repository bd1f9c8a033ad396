// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/measurement.h"

#include <sched.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <numeric>
#include <random>
#include <thread>

namespace vdsokit::bench {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double slice_seconds = 0.1;
// A batch of calls is long beside the two counter reads around it and beside the step of a slow
// counter, and short beside the time between two interruptions.
constexpr double batch_seconds = 15e-6;
constexpr u32 batch_calls_max = 1 << 14;
constexpr std::size_t samples_max = 20'000;  // of a series, all threads together

void pin_to(u32 cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

using Counts = std::array<u32, subject_count>;

// How many calls make a batch of each subject.
std::vector<Counts> batch_counts(std::vector<Row> const& rows, u64 frequency) {
    std::vector<Counts> all;
    for (Row const& row : rows) {
        Counts counts{};
        for (Subject const subject : all_subjects) {
            if (!row.has(subject)) continue;
            constexpr u32 probe = 64;
            u64 shortest = ~u64{0};
            for (int i = 0; i < 8; ++i) shortest = std::min(shortest, row.run(subject, probe));
            double const call =
                static_cast<double>(shortest) / static_cast<double>(frequency) / probe;
            double const fitting = batch_seconds / std::max(call, 1e-10);
            counts[index_of(subject)] =
                static_cast<u32>(std::clamp(fitting, 1.0, double{batch_calls_max}));
        }
        all.push_back(counts);
    }
    return all;
}

class Reader {
public:
    Reader(std::vector<Row> const& rows, std::vector<Counts> const& counts, u64 frequency)
        : rows_(rows), counts_(counts), cycle_ns_(1e9 / static_cast<double>(frequency)) {}

    // One round over all rows; the samples go to `out`, or nowhere if that is nullptr.
    void round(std::vector<std::array<Series, subject_count>>* out) {
        ++turn_;
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            std::array<double, subject_count> ns{};
            for (std::size_t i = 0; i < subject_count; ++i) {
                Subject const subject = all_subjects[(i + turn_) % subject_count];
                if (!rows_[row].has(subject)) continue;
                u32 const count = counts_[row][index_of(subject)];
                u64 const cycles = rows_[row].run(subject, count);
                ns[index_of(subject)] = static_cast<double>(cycles) * cycle_ns_ / count;
            }
            if (out != nullptr) keep((*out)[row], ns);
        }
    }

private:
    static void keep(std::array<Series, subject_count>& row,
                     std::array<double, subject_count> const& ns) {
        auto const push = [](Samples& to, double value) {
            to.push_back(static_cast<float>(value));
        };
        double const counter = ns[index_of(Subject::counter)];
        double const kernel = ns[index_of(Subject::kernel)];
        double const other = ns[index_of(Subject::other)];
        for (Subject const subject : all_subjects) {
            double const value = ns[index_of(subject)];
            if (value <= 0) continue;
            Series& series = row[index_of(subject)];
            push(series.nanoseconds, value);
            if (counter > 0) push(series.to_counter, value / counter);
            if (kernel > 0) push(series.to_kernel, value / kernel);
            if (other > 0) push(series.to_other, value / other);
        }
    }

    std::vector<Row> const& rows_;
    std::vector<Counts> const& counts_;
    double cycle_ns_;
    std::size_t turn_ = 0;
};

// Everything one thread keeps of one condition.
struct Kept {
    std::vector<std::array<Series, subject_count>> series;
    std::size_t room;

    bool is_full() const { return series[0][index_of(Subject::own)].nanoseconds.size() >= room; }
};

void append(Samples& to, Samples const& from) { to.insert(to.end(), from.begin(), from.end()); }

void merge(Measured& into, Kept const& from) {
    for (std::size_t row = 0; row < from.series.size(); ++row)
        for (std::size_t subject = 0; subject < subject_count; ++subject) {
            append(into.series[row][subject].nanoseconds, from.series[row][subject].nanoseconds);
            append(into.series[row][subject].to_counter, from.series[row][subject].to_counter);
            append(into.series[row][subject].to_kernel, from.series[row][subject].to_kernel);
            append(into.series[row][subject].to_other, from.series[row][subject].to_other);
        }
}

}  // namespace

std::vector<u32> usable_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<u32> cpus;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        for (u32 cpu = 0; cpu < CPU_SETSIZE; ++cpu)
            if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    if (cpus.empty()) cpus.push_back(0);
    return cpus;
}

std::vector<Condition> conditions(u32 cores) {
    std::vector<Condition> all;
    for (u32 count = 1; count <= cores;
         count = count == cores ? cores + 1 : std::min(2 * count, cores))
        for (u32 const writes : {0, 1, 1000}) all.push_back({count, writes});
    return all;
}

std::vector<Measured> measure(std::vector<Row> const& rows, Publisher& publisher, u64 frequency,
                              std::vector<Condition> const& conditions, double seconds,
                              Progress const& progress) {
    std::vector<u32> const cpus = usable_cpus();
    std::vector<Counts> const counts = batch_counts(rows, frequency);
    std::vector<Measured> measured;
    std::vector<std::vector<Kept>> kept(conditions.size());
    std::vector<double> owed(conditions.size());
    for (std::size_t at = 0; at < conditions.size(); ++at) {
        Condition const& condition = conditions[at];
        measured.push_back({.condition = condition, .series = {}});
        measured[at].series.resize(rows.size());
        std::size_t const room = std::max<std::size_t>(100, samples_max / condition.cores);
        kept[at].assign(condition.cores, Kept{measured[at].series, room});
    }

    auto const run_slice = [&](std::size_t at) {
        Condition const& condition = conditions[at];
        publisher.start(condition.writes_per_second, owed[at]);
        auto const begin = Clock::now();
        std::barrier together(condition.cores);
        std::vector<std::thread> threads;
        for (u32 core = 0; core < condition.cores; ++core)
            threads.emplace_back([&, core] {
                pin_to(cpus[core]);
                Reader reader(rows, counts, frequency);
                reader.round(nullptr);  // caches, and the thread's first steps
                together.arrive_and_wait();
                auto const end = Clock::now() + Seconds(slice_seconds);
                Kept& mine = kept[at][core];
                while (Clock::now() < end) reader.round(mine.is_full() ? nullptr : &mine.series);
            });
        for (std::thread& thread : threads) thread.join();
        measured[at].seconds += Seconds(Clock::now() - begin).count();
        owed[at] = publisher.stop();
        measured[at].writes += publisher.writes();
    };

    std::vector<std::size_t> order(conditions.size());
    std::iota(order.begin(), order.end(), 0u);
    std::minstd_rand random(1);
    auto const begin = Clock::now();
    for (double part = 0; part < 1;) {
        // At least once each, however short the time; in another order each time.
        std::shuffle(order.begin(), order.end(), random);
        for (std::size_t const at : order) {
            run_slice(at);
            double const done = Seconds(Clock::now() - begin).count() / seconds;
            progress(std::min(done, 1.0), conditions[at]);
        }
        part = Seconds(Clock::now() - begin).count() / seconds;
    }
    for (std::size_t at = 0; at < conditions.size(); ++at)
        for (Kept const& thread : kept[at]) merge(measured[at], thread);
    return measured;
}

}  // namespace vdsokit::bench

// SPDX-License-Identifier: BSD-2-Clause
#include "tool/run/when.h"

#include <time.h>

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "abi/conversion.h"

namespace vdsokit::tool {

namespace {

constexpr i64 billion = abi::nanoseconds_per_second;

// Takes what it recognises off the front of a text.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char wanted) {
        if (peek() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take(std::string_view wanted) {
        if (rest_.substr(0, wanted.size()) != wanted) return false;
        rest_.remove_prefix(wanted.size());
        return true;
    }
    // Exactly `digits` of them, or as many as there are for 0.
    std::optional<i64> number(std::size_t digits = 0) {
        std::size_t length = 0;
        while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') ++length;
        if (length == 0 || (digits != 0 && length < digits)) return std::nullopt;
        if (digits != 0) length = digits;
        i64 value = 0;
        auto const parsed = std::from_chars(rest_.data(), rest_.data() + length, value);
        if (parsed.ec != std::errc()) return std::nullopt;
        rest_.remove_prefix(length);
        return value;
    }
    // Behind a point: nanoseconds.
    std::optional<u32> fraction() {
        u32 value = 0;
        u32 digits = 0;
        for (; peek() >= '0' && peek() <= '9'; rest_.remove_prefix(1), ++digits) {
            if (digits == 9) return std::nullopt;
            value = value * 10 + static_cast<u32>(peek() - '0');
        }
        if (digits == 0) return std::nullopt;
        for (; digits < 9; ++digits) value *= 10;
        return value;
    }

private:
    std::string_view rest_;
};

constexpr bool is_leap(i64 year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

i64 days_in(i64 year, i64 month) {
    constexpr std::array<i64, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

// Days since 1970-01-01 in the proleptic Gregorian calendar.
i64 day_number(i64 year, i64 month, i64 day) {
    i64 const before = year - 1;
    i64 days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    for (i64 earlier = 1; earlier < month; ++earlier) days += days_in(year, earlier);
    return days + day - 1;
}

WhenFault bad(std::string_view text, std::string_view expected) {
    return {fmt::format("'{}': {}", text, expected)};
}

constexpr std::string_view time_forms = "give @SECONDS or ISO 8601, as in 2030-01-31T12:00:00Z";

std::variant<kit::Timespec, WhenFault> parse_epoch(std::string_view text, Scanner scanner) {
    bool const negative = scanner.take('-');
    auto const seconds = scanner.number();
    if (!seconds) return bad(text, time_forms);
    u32 nanoseconds = 0;
    if (scanner.take('.')) {
        auto const fraction = scanner.fraction();
        if (!fraction) return bad(text, "at most nine digits of fraction");
        nanoseconds = *fraction;
    }
    if (!scanner.at_end()) return bad(text, time_forms);
    if (!negative) return kit::Timespec{*seconds, nanoseconds};
    if (nanoseconds == 0) return kit::Timespec{-*seconds, 0};
    return kit::Timespec{-*seconds - 1, static_cast<u32>(billion - nanoseconds)};
}

struct Calendar {
    i64 year, month, day, hour = 0, minute = 0, second = 0;
};

// Seconds east of Greenwich; no zone: what the local one says of that moment.
std::optional<i64> take_zone(Scanner& scanner, Calendar const& at) {
    if (scanner.take('Z') || scanner.take('z')) return 0;
    bool const east = scanner.peek() == '+';
    if (scanner.take('+') || scanner.take('-')) {
        auto const hours = scanner.number(2);
        scanner.take(':');
        auto const minutes = scanner.number(2);
        if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
        i64 const seconds = *hours * 3600 + *minutes * 60;
        return east ? seconds : -seconds;
    }
    tm local{};
    local.tm_year = static_cast<int>(at.year - 1900);
    local.tm_mon = static_cast<int>(at.month - 1);
    local.tm_mday = static_cast<int>(at.day);
    local.tm_hour = static_cast<int>(at.hour);
    local.tm_min = static_cast<int>(at.minute);
    local.tm_sec = static_cast<int>(at.second);
    local.tm_isdst = -1;
    mktime(&local);
    return local.tm_gmtoff;
}

}  // namespace

std::variant<kit::Timespec, WhenFault> parse_time(std::string_view text) {
    Scanner scanner(text);
    if (scanner.take('@')) return parse_epoch(text, scanner);
    auto const year = scanner.number(4);
    auto const month = year && scanner.take('-') ? scanner.number(2) : std::nullopt;
    auto const day = month && scanner.take('-') ? scanner.number(2) : std::nullopt;
    if (!day) return bad(text, time_forms);
    if (*year < 1 || *month < 1 || *month > 12 || *day < 1 || *day > days_in(*year, *month))
        return bad(text, "there is no such day");
    Calendar at{*year, *month, *day};
    u32 nanoseconds = 0;
    if (scanner.take('T') || scanner.take('t') || scanner.take(' ')) {
        auto const hour = scanner.number(2);
        auto const minute = hour && scanner.take(':') ? scanner.number(2) : std::nullopt;
        if (!minute) return bad(text, time_forms);
        i64 seconds = 0;
        if (scanner.take(':')) {
            auto const second = scanner.number(2);
            if (!second) return bad(text, time_forms);
            seconds = *second;
            if (scanner.take('.')) {
                auto const fraction = scanner.fraction();
                if (!fraction) return bad(text, "at most nine digits of fraction");
                nanoseconds = *fraction;
            }
        }
        if (*hour > 23 || *minute > 59 || seconds > 59) return bad(text, "there is no such time");
        at.hour = *hour;
        at.minute = *minute;
        at.second = seconds;
    }
    auto const east = take_zone(scanner, at);
    if (!east || !scanner.at_end()) return bad(text, time_forms);
    i64 const days = day_number(at.year, at.month, at.day);
    i64 const seconds = days * 86400 + at.hour * 3600 + at.minute * 60 + at.second - *east;
    return kit::Timespec{seconds, nanoseconds};
}

namespace {

struct Unit {
    std::string_view name;
    i64 seconds;      // of one, or 0
    i64 nanoseconds;  // of one, where it is shorter than a second
};
// The order in which they may stand. "ms" is tried before "m" at the same place: see parse_span.
constexpr std::array<Unit, 9> units{{{"y", i64{365} * 86400, 0},
                                     {"w", i64{7} * 86400, 0},
                                     {"d", 86400, 0},
                                     {"h", 3600, 0},
                                     {"m", 60, 0},
                                     {"s", 1, 0},
                                     {"ms", 0, 1'000'000},
                                     {"us", 0, 1'000},
                                     {"ns", 0, 1}}};
constexpr std::string_view span_forms = "give a span such as +1y2d3h, -90s or 250ms";

std::optional<std::size_t> take_unit(Scanner& scanner) {
    for (std::size_t at = units.size(); at-- > 0;)  // longer names first
        if (scanner.take(units[at].name)) return at;
    return std::nullopt;
}

bool add(kit::Timespec& sum, i64 count, Unit const& unit) {
    i64 seconds = 0;
    i64 nanoseconds = 0;
    if (__builtin_mul_overflow(count, unit.seconds, &seconds) ||
        __builtin_mul_overflow(count, unit.nanoseconds, &nanoseconds) ||
        __builtin_add_overflow(nanoseconds, sum.nanoseconds, &nanoseconds) ||
        __builtin_add_overflow(seconds, nanoseconds / billion, &seconds) ||
        __builtin_add_overflow(sum.seconds, seconds, &sum.seconds))
        return false;
    sum.nanoseconds = static_cast<u32>(nanoseconds % billion);
    return true;
}

kit::Timespec negated(kit::Timespec span) {
    if (span.nanoseconds == 0) return {-span.seconds, 0};
    return {-span.seconds - 1, static_cast<u32>(billion - span.nanoseconds)};
}

}  // namespace

std::variant<kit::Timespec, WhenFault> parse_span(std::string_view text) {
    Scanner scanner(text);
    bool const negative = scanner.take('-');
    if (!negative) scanner.take('+');
    kit::Timespec sum{};
    std::size_t next = 0;  // units from here on may still stand
    do {
        auto const count = scanner.number();
        if (!count) return bad(text, span_forms);
        u32 fraction = 0;
        bool const has_fraction = scanner.take('.');
        if (has_fraction) {
            auto const digits = scanner.fraction();
            if (!digits) return bad(text, "at most nine digits of fraction");
            fraction = *digits;
        }
        constexpr std::size_t second = 5;
        bool const bare = scanner.at_end() && next == 0;
        auto const unit = bare ? std::optional(second) : take_unit(scanner);
        if (!unit) return bad(text, span_forms);
        if (*unit < next) return bad(text, "each unit at most once, from the longest down");
        if (has_fraction && *unit != second) return bad(text, "only seconds have a fraction");
        if (!add(sum, *count, units[*unit]) || !add(sum, fraction, units.back()))
            return bad(text, "longer than any clock");
        next = *unit + 1;
    } while (!scanner.at_end());
    return negative ? negated(sum) : sum;
}

std::optional<kit::Timespec> difference(kit::Timespec a, kit::Timespec b) {
    i64 seconds = 0;
    if (__builtin_sub_overflow(a.seconds, b.seconds, &seconds)) return std::nullopt;
    i64 nanoseconds = i64{a.nanoseconds} - i64{b.nanoseconds};
    if (nanoseconds < 0) {
        nanoseconds += billion;
        if (__builtin_sub_overflow(seconds, 1, &seconds)) return std::nullopt;
    }
    return kit::Timespec{seconds, static_cast<u32>(nanoseconds)};
}

}  // namespace vdsokit::tool

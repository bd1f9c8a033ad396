// SPDX-License-Identifier: BSD-2-Clause
// Lines of the form "<kind>: key=value key=value ...", as the host's statistics and the
// demonstration's programs write them, picked out of a stream.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vdsokit::launch {

using Fields = std::map<std::string, std::string>;

struct Record {
    std::string kind;
    Fields fields;

    // The field's value, or an empty string.
    std::string text(std::string const& key) const;
    // 0 if there is none or it is no number.
    double number(std::string const& key) const;
};

// nullopt: the line is something else.
std::optional<Record> read_record(std::string_view line);

// Takes a stream in pieces and keeps the records of the wanted kinds; the rest passes through.
class RecordFilter {
public:
    explicit RecordFilter(std::vector<std::string> kinds) : kinds_(std::move(kinds)) {}

    // What is to be shown of the bytes so far: whole lines only.
    std::string pass(std::string_view bytes);
    // What is left of a last line without an end.
    std::string rest() const { return partial_; }
    std::vector<Record> const& records() const { return records_; }

private:
    std::vector<std::string> kinds_;
    std::vector<Record> records_;
    std::string partial_;
};

}  // namespace vdsokit::launch

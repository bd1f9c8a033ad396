// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/records.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace vdsokit::launch {

std::string Record::text(std::string const& key) const {
    auto const found = fields.find(key);
    return found == fields.end() ? std::string() : found->second;
}

double Record::number(std::string const& key) const {
    return std::strtod(text(key).c_str(), nullptr);
}

std::optional<Record> read_record(std::string_view line) {
    std::size_t const colon = line.find(": ");
    if (colon == std::string_view::npos) return std::nullopt;
    Record record{.kind = std::string(line.substr(0, colon)), .fields = {}};
    std::istringstream words{std::string(line.substr(colon + 2))};
    for (std::string word; words >> word;) {
        std::size_t const equals = word.find('=');
        if (equals == std::string::npos) return std::nullopt;
        record.fields.insert_or_assign(word.substr(0, equals), word.substr(equals + 1));
    }
    return record;
}

std::string RecordFilter::pass(std::string_view bytes) {
    std::string shown;
    partial_ += bytes;
    for (std::size_t end = partial_.find('\n'); end != std::string::npos;
         end = partial_.find('\n')) {
        std::string const line = partial_.substr(0, end);
        std::optional<Record> record = read_record(line);
        if (record && std::ranges::find(kinds_, record->kind) != kinds_.end()) {
            records_.push_back(*std::move(record));
        } else {
            shown += line + '\n';
        }
        partial_.erase(0, end + 1);
    }
    return shown;
}

}  // namespace vdsokit::launch

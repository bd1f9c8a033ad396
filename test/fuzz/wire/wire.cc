// SPDX-License-Identifier: BSD-2-Clause
// The launcher's end of the serial line, and the records in what comes over it. The first byte says
// in which pieces the stream arrives.
#include "tool/launch/wire.h"

#include <algorithm>

#include "test/fuzz/target.h"
#include "tool/launch/records.h"

namespace vdsokit::fuzz {
namespace {

using namespace launch;

struct Sink final : WireSink {
    void received(Channel channel, std::string_view bytes) override {
        require(static_cast<std::size_t>(channel) < channel_count, "a channel is one of four");
        require(!bytes.empty(), "nothing is not passed on");
        text[static_cast<std::size_t>(channel)] += bytes;
    }
    std::string text[channel_count];
};

void run(kit::Bytes input) {
    Knobs knobs(input);
    std::size_t const piece = 1 + knobs.byte() % 16;
    std::string_view const stream = text_of(knobs.rest());

    Sink whole;
    WireDecoder decoder;
    decoder.feed(stream, whole);
    Sink cut;
    WireDecoder of_pieces;
    for (std::size_t at = 0; at < stream.size(); at += piece)
        of_pieces.feed(stream.substr(at, piece), cut);
    require(std::equal(whole.text, whole.text + channel_count, cut.text) &&
                decoder.status() == of_pieces.status(),
            "it does not matter how the stream is cut");

    RecordFilter filter({"stats", "clocks"});
    RecordFilter filter_of_pieces({"stats", "clocks"});
    std::string const shown = filter.pass(stream);
    std::string shown_of_pieces;
    for (std::size_t at = 0; at < stream.size(); at += piece)
        shown_of_pieces += filter_of_pieces.pass(stream.substr(at, piece));
    require(shown == shown_of_pieces && filter.rest() == filter_of_pieces.rest(),
            "nor for the records");
    require(shown.size() + filter.rest().size() <= stream.size(), "nothing is added");
    if (filter.records().empty())
        require(shown + filter.rest() == stream, "what is no record passes through");
    for (Record const& record : filter.records())
        for (auto const& [key, value] : record.fields) record.number(key);
}

Target const target{"wire", run};

}  // namespace
}  // namespace vdsokit::fuzz

// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/wire.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vdsokit::launch {
namespace {

// What came, as "<channel>:<bytes>" for each run of one channel.
class Recorder final : public WireSink {
public:
    void received(Channel channel, std::string_view bytes) override {
        constexpr std::string_view letters = "oema";
        std::string const mark = {letters[static_cast<std::size_t>(channel)], ':'};
        if (mark != last_) text += mark;
        last_ = mark;
        text += bytes;
    }
    std::string text;

private:
    std::string last_;
};

std::string_view bytes(char const* text, std::size_t size) { return {text, size}; }
template <std::size_t size>
std::string_view literal(char const (&text)[size]) {
    return bytes(text, size - 1);
}

struct Case {
    std::string_view stream;
    std::string_view expect;
    int status;  // -1: none
    char const* reason;
};

Case const cases[] = {
    {literal("plain\x10oout"), "m:plaino:out", -1, "before its first mark it is not the guest"},
    {literal("\x10oa\x10\x10z"), "o:a\x10z", -1, "a doubled escape is one byte"},
    {literal("\x10oa\x10"
             "ee\x10mm\x10"
             "aa\x10oo"),
     "o:ae:em:ma:ao:o", -1, "each channel by its letter"},
    {literal("\x10"
             "e\x10\x10"),
     "e:\x10", -1, "an escaped byte stays on its channel"},
    {literal("\x10oa\x10x\x07"), "o:a", 7, "the status follows its code"},
    {literal("\x10x\x10"), "", 0x10, "a status may be the escape byte's value"},
    {literal("\x10x\0"), "", 0, "a status of 0 is a status"},
    {literal("\x10x\x01late"), "", 1, "nothing is taken after the status"},
    {literal("\x10oa\x10?b"), "o:ab", -1, "an unknown code is dropped, the text around it is not"},
    {literal("\x10oa\x10"), "o:a", -1, "a stream may end inside a code"},
    {literal(""), "", -1, "nothing is nothing"},
};

TEST(WireDecoder, splits_the_stream_into_channels) {
    for (Case const& row : cases) {
        Recorder recorder;
        WireDecoder decoder;
        decoder.feed(row.stream, recorder);
        EXPECT_EQ(recorder.text, row.expect) << row.reason;
        EXPECT_EQ(decoder.status().has_value() ? *decoder.status() : -1, row.status) << row.reason;
    }
}

TEST(WireDecoder, gives_the_same_however_the_stream_is_cut) {
    for (Case const& row : cases) {
        for (std::size_t size = 1; size <= 3; ++size) {
            Recorder recorder;
            WireDecoder decoder;
            for (std::size_t at = 0; at < row.stream.size(); at += size)
                decoder.feed(row.stream.substr(at, size), recorder);
            EXPECT_EQ(recorder.text, row.expect) << row.reason << ", in pieces of " << size;
        }
    }
}

TEST(WireEncoding, doubles_the_escape_byte_of_input_and_nothing_else) {
    EXPECT_EQ(encode_input(literal("a\x10"
                                   "b\0c")),
              literal("a\x10\x10"
                      "b\0c"));
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
    EXPECT_EQ(encode_input(all).size(), 257u);
}

TEST(WireEncoding, marks_the_end_of_input) {
    EXPECT_EQ(encoded_end_of_input(), literal("\x10"
                                              "E"));
}

TEST(WireEncoding, sends_rows_then_columns_little_endian) {
    EXPECT_EQ(encode_window_size(0x0102, 0x1003), literal("\x10W\x02\x01\x03\x10"));
}

}  // namespace
}  // namespace vdsokit::launch

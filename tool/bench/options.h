// SPDX-License-Identifier: BSD-2-Clause
// The command line of `vdsokit bench`.
#pragma once

#include <string>

namespace vdsokit::bench {

struct Options {
    std::string image_file;  // empty: the one built in
    std::string json_file;   // empty: none; "-": standard output, and no table there
    std::string html_file;   // empty: none
    std::string other_file;  // a second image to compare with; empty: none
    double seconds = 30;
};

// A command line that was answered (--help) or refused; the text is printed.
struct Answer {
    int status;
};

// Throws Answer.
Options parse_options(int argc, char** argv);

}  // namespace vdsokit::bench

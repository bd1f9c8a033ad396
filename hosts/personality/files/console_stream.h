// SPDX-License-Identifier: BSD-2-Clause
// One of the console's streams when it is no terminal: looks like a pipe to its program.
#pragma once

#include "hosts/personality/files/node.h"

namespace vdsokit::personality {

class ConsoleStream final : public Node {
public:
    enum class Direction : u8 { input, output, errors };
    static ConsoleStream* make(FileSystem& file_system, Direction direction);

    Outcome read(Io const& io) override;
    Outcome write(Io const& io) override;
    u32 ready(File& file) override;
    u64 activity() override;
    Outcome control(Call& call, File& file) override;

    ConsoleStream(FileSystem& file_system, Direction direction)
        : Node(file_system, static_cast<u32>(NodeKind::fifo) | 0600), direction_(direction) {}

private:
    void destroy() override;

    Direction direction_;
};

}  // namespace vdsokit::personality

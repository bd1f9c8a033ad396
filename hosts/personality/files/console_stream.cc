// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/console_stream.h"

#include "hosts/personality/files/console.h"
#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<ConsoleStream> streams;
}

ConsoleStream* ConsoleStream::make(FileSystem& file_system, Direction direction) {
    return streams.make(file_system, direction);
}

void ConsoleStream::destroy() { streams.free(this); }

Outcome ConsoleStream::read(Io const& io) {
    return direction_ == Direction::input ? console().read(io) : Outcome::error(Errno::badf);
}

Outcome ConsoleStream::write(Io const& io) {
    switch (direction_) {
    case Direction::input: return Outcome::error(Errno::badf);
    case Direction::output: return console().write(io, host::Channel::output);
    case Direction::errors: return console().write(io, host::Channel::errors);
    }
    return Outcome::error(Errno::badf);
}

u32 ConsoleStream::ready(File&) {
    if (direction_ != Direction::input) return Ready::writable;
    return console().ready() & ~Ready::writable;
}

u64 ConsoleStream::activity() { return console().activity(); }

Outcome ConsoleStream::control(Call& call, File&) { return console().control(call); }

}  // namespace vdsokit::personality

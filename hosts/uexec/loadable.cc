// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/loadable.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <memory>

#include "elf_machine.h"
#include "hosts/personality/memory/script.h"
#include "hosts/uexec/page_file.h"
#include "hosts/uexec/pointer.h"

namespace vdsokit::uexec {

namespace {

using personality::ScriptKind;
using personality::ScriptLine;

// Only sums must not wrap below it; what a process can really have the kernel knows.
constexpr u64 process_end = sizeof(void*) == 4 ? 0xffff'0000 : u64{1} << 56;
// [Linux fs/exec.c, exec_binprm()]
constexpr int script_depth_limit = 5;

bool read_exactly(int file, u64 offset, void* to, u64 size) {
    auto* bytes = static_cast<char*>(to);
    while (size != 0) {
        ssize_t const got =
            pread(file, bytes, static_cast<std::size_t>(size), static_cast<off_t>(offset));
        if (got <= 0) return false;
        bytes += got;
        offset += static_cast<u64>(got);
        size -= static_cast<u64>(got);
    }
    return true;
}

// The bytes at the beginning of a file that say what it is; fewer if it is shorter.
std::vector<u8> head_of(std::string const& path) {
    std::vector<u8> head(personality::script_head_size);
    on_linux::Descriptor const file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ssize_t const size = file ? pread(file.number(), head.data(), head.size(), 0) : 0;
    head.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return head;
}

bool map_fixed(kit::AddressRange range, kit::Access access, int file, u64 offset) {
    if (range.size() == 0) return true;
    int const source = file < 0 ? MAP_ANONYMOUS : 0;
    return mmap(pointer_to(range.start), static_cast<std::size_t>(range.size()),
                protection_of(access), MAP_PRIVATE | MAP_FIXED | source, file,
                static_cast<off_t>(offset)) != MAP_FAILED;
}

}  // namespace

u64 own_page_size() { return getauxval(AT_PAGESZ); }

u64 Loadable::room_needed() const {
    u64 const first = kit::align_down(program.start(), program.alignment());
    return kit::align_up(program.end() - first, own_page_size()) + program.alignment();
}

Failure Loadable::map(u64 bias) const {
    for (kit::ProgramSegment const& segment : program.segments()) {
        kit::SegmentPieces const pieces = kit::pieces_of(segment, bias, own_page_size());
        if (!map_fixed(pieces.file, pieces.access, file.number(), pieces.file_offset) ||
            !map_fixed(pieces.zero, pieces.access, -1, 0))
            return Failure::of_errno(path);
        // Only what may be written has such a rest: Program refuses others.
        std::memset(pointer_to(pieces.clear.start), 0,
                    static_cast<std::size_t>(pieces.clear.size()));
    }
    return Failure::none();
}

OrRefusal<Loadable> open_loadable(std::string const& path, int missing) {
    Loadable loadable{path, on_linux::Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC)), {}};
    if (!loadable.file)
        return Refusal::of_errno(errno == ENOENT ? missing : status_not_executable, path);
    struct stat status {};
    if (fstat(loadable.file.number(), &status) != 0)
        return Refusal::of_errno(status_not_executable, path);
    if (!S_ISREG(status.st_mode)) return Refusal{status_not_executable, path + ": no regular file"};
    int const number = loadable.file.number();
    kit::ProgramFile const file{&number,
                                [](void const* context, u64 offset, void* to, u64 size) {
                                    return read_exactly(*static_cast<int const*>(context), offset,
                                                        to, size);
                                },
                                static_cast<u64>(status.st_size)};
    auto const opened = kit::Program::open(file, {.machine = arch::elf_machine,
                                                  .file_class = arch::elf_class,
                                                  .page_size = own_page_size(),
                                                  .process_end = process_end});
    if (!opened)
        return Refusal{status_not_executable, path + ": " + text_of(opened.error().error) +
                                                  " (offset " + hexadecimal(opened.error().at) +
                                                  ")"};
    loadable.program = opened.value();
    return loadable;
}

OrRefusal<Loadable> open_program(std::string const& path, std::vector<std::string>& command) {
    std::string file = path;
    for (int depth = 0;; ++depth) {
        std::vector<u8> const head = head_of(file);
        auto line = std::make_unique<ScriptLine>();
        switch (personality::parse_script({head.data(), head.size()}, *line)) {
        case ScriptKind::no_script: return open_loadable(file, status_not_found);
        case ScriptKind::malformed:
            return Refusal{status_not_executable, file + ": its first line names no interpreter"};
        case ScriptKind::script: break;
        }
        if (depth == script_depth_limit)
            return Refusal{status_not_executable, path + ": a script of a script, without end"};
        command.front() = file;
        if (line->argument[0] != 0) command.insert(command.begin(), line->argument);
        command.insert(command.begin(), line->interpreter);
        file = line->interpreter;
    }
}

}  // namespace vdsokit::uexec

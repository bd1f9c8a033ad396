// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/files/directory_writer.h"

namespace vdsokit::personality::file_call {

Outcome getdents64(Call& call) {
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    if (!file->node().is_directory()) return Outcome::error(Errno::notdir);
    if (file->entry().is_deleted()) return Outcome::error(Errno::noent);
    DirectoryWriter writer(call.process.memory(), call.address(1),
                           static_cast<u32>(call.argument(2)));
    file->node().list(file->entry(), file->offset(), writer, &call.process);
    if (writer.written() > 0) file->offset() = writer.last_cookie();
    return writer.outcome();
}

Outcome chdir(Call& call) {
    auto const path = path_at(call, 0);
    if (!path) return Outcome::error(path.error());
    Descriptors& descriptors = call.process.descriptors();
    auto const found =
        walk_to(&call.process, descriptors.directory(), path.value(), LastLink::follow);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    if (!entry->node().is_directory()) return Outcome::error(Errno::notdir);
    descriptors.change_directory(*entry);
    return Outcome::done(0);
}

Outcome fchdir(Call& call) {
    File* const file = file_or_path_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    if (!file->node().is_directory()) return Outcome::error(Errno::notdir);
    call.process.descriptors().change_directory(file->entry());
    return Outcome::done(0);
}

Outcome getcwd(Call& call) {
    static constinit char buffer[longest_path];
    Entry const& directory = call.process.descriptors().directory();
    if (directory.is_deleted()) return Outcome::error(Errno::noent);
    char const* const path = directory.path(buffer, sizeof(buffer));
    if (path == nullptr) return Outcome::error(Errno::nametoolong);
    u64 const size = static_cast<u64>(buffer + sizeof(buffer) - path);  // with the NUL
    if (size > call.argument(1)) return Outcome::error(Errno::range);
    if (!call.process.memory().copy_out(call.address(0), path, size))
        return Outcome::error(Errno::fault);
    return Outcome::done(size);
}

Outcome umask(Call& call) {
    constexpr u32 all = 0777;
    Descriptors& descriptors = call.process.descriptors();
    u32 const old = descriptors.umask();
    descriptors.set_umask(static_cast<u32>(call.argument(0)) & all);
    return Outcome::done(old);
}

}  // namespace vdsokit::personality::file_call

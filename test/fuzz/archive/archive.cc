// SPDX-License-Identifier: BSD-2-Clause
// The cpio archive that holds the guest's files.
#include "hosts/personality/files/archive.h"

#include "hosts/personality/files/limits.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

using namespace personality;

void look_at(ArchiveMember const& member, kit::Bytes archive) {
    if (member.contents.size() != 0) {
        u64 const at = static_cast<u64>(member.contents.data() - archive.data());
        require(archive.holds(at, member.contents.size()), "contents lie in the archive");
    }
    require(archive.holds(member.at, member.name.size()), "a name lies in the archive");
    NameParts parts(member.name);
    kit::Text part;
    bool more = parts.has_more();
    while (parts.next(part)) {
        require(more, "a part was announced");
        require(!part.empty() && part.size() <= longest_name, "a part is a name");
        require(!(part == kit::Text("..")) && !(part == kit::Text(".")), "and does not climb");
        more = parts.has_more();
    }
    require(!more || parts.has_failed(), "an announced part comes");
}

void run(kit::Bytes input) {
    ArchiveReader reader(input);
    u64 last = 0;
    for (u64 count = 0;; ++count) {
        auto const step = reader.next();
        if (!step) {
            require(step.error().at <= input.size(), "a fault is in the archive");
            require(text_of(step.error().error)[0] != 0, "a fault has a text");
            return;
        }
        if (step.value().is_end) return;
        ArchiveMember const& member = step.value().member;
        require(count == 0 || member.at > last, "members follow each other");
        last = member.at;
        look_at(member, input);
    }
}

Target const target{"archive", run};

}  // namespace
}  // namespace vdsokit::fuzz

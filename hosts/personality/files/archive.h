// SPDX-License-Identifier: BSD-2-Clause
// Reads a cpio archive of the kinds "newc" and "crc", member by member. The bytes are untrusted:
// every length is checked, and each refusal names what is wrong and the offset of the header, name
// or contents that is. [Linux Documentation/driver-api/early-userspace/buffer-format.rst]
#pragma once

#include "kit/core/bytes.h"
#include "kit/core/memory.h"
#include "kit/core/result.h"
#include "kit/image/text.h"

namespace vdsokit::personality {

enum class ArchiveError : u8 {
    header_past_end,  // fewer bytes than a header has
    not_a_header,     // no magic number where a header must be
    not_hexadecimal,  // a field of the header
    name_empty,       // not even a NUL
    name_past_end,
    name_not_terminated,
    name_holds_nul,
    name_too_long,  // as a path, or a part of it as a name
    name_climbs,    // has a ".." part
    contents_past_end,
    checksum_wrong,
    link_text_wrong,  // a symbolic link's: empty, longer than a path, or with a NUL
    kind_unknown,
    parent_not_directory,
    no_trailer,  // the bytes end and the archive does not
    out_of_memory,
};
char const* text_of(ArchiveError error);

struct ArchiveFault {
    ArchiveError error;
    u64 at;
};

struct ArchiveMember {
    u64 at;    // offset of its header
    u32 mode;  // kind and permissions
    u32 inode;
    u32 user;
    u32 group;
    u32 links;
    u32 modified;      // seconds since 1970
    u32 device_major;  // of the file system it was on
    u32 device_minor;
    u32 number_major;  // of a device that it is
    u32 number_minor;
    kit::Text name;  // as it stands there: with or without a leading "/" or "./"
    kit::Bytes contents;
};

class ArchiveReader {
public:
    explicit ArchiveReader(kit::Bytes archive) : archive_(archive) {}

    // The next member, or the end. Archives may follow each other, with zeros between, as the
    // kernel allows them to.
    struct Step {
        bool is_end;
        ArchiveMember member;
    };
    kit::Result<Step, ArchiveFault> next();

private:
    kit::Result<ArchiveMember, ArchiveFault> read_member();
    bool skip_zeros();

    kit::Bytes archive_;
    u64 at_ = 0;
    bool inside_ = true;  // the trailer of the present archive has not come
};

// The parts of a member's name: "./bin//sh" has "bin" and "sh".
class NameParts {
public:
    explicit NameParts(kit::Text name) : rest_(name) {}
    // False: there are no more, or it has failed with name_too_long or name_climbs.
    bool next(kit::Text& part);
    bool has_more() const;
    bool has_failed() const { return has_failed_; }
    ArchiveError error() const { return error_; }

private:
    kit::Text rest_;
    bool has_failed_ = false;
    ArchiveError error_ = ArchiveError::name_climbs;
};

}  // namespace vdsokit::personality

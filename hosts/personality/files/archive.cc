// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/archive.h"

#include "hosts/personality/files/limits.h"

namespace vdsokit::personality {

namespace {

constexpr u64 magic_size = 6;
constexpr u64 field_size = 8;
constexpr u64 header_size = 110;

// The fields of a header, in their order.
enum Field : u32 {
    inode,
    mode,
    user,
    group,
    links,
    modified,
    contents_size,
    device_major,
    device_minor,
    number_major,
    number_minor,
    name_size,
    checksum,
    field_count,
};
static_assert(magic_size + field_count * field_size == header_size);

kit::Text text(kit::Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

bool holds_nul(kit::Text string) {
    for (u64 at = 0; at < string.size(); ++at)
        if (string.data()[at] == 0) return true;
    return false;
}

// False: not eight hexadecimal digits.
bool parse(kit::Bytes digits, u32& value) {
    value = 0;
    for (u64 at = 0; at < digits.size(); ++at) {
        u8 const digit = digits[at];
        u32 part = 0;
        if (digit >= '0' && digit <= '9')
            part = digit - u32{'0'};
        else if (digit >= 'a' && digit <= 'f')
            part = digit - u32{'a'} + 10;
        else if (digit >= 'A' && digit <= 'F')
            part = digit - u32{'A'} + 10;
        else
            return false;
        value = (value << 4) | part;
    }
    return true;
}

}  // namespace

char const* text_of(ArchiveError error) {
    switch (error) {
    case ArchiveError::header_past_end: return "the archive ends inside a header";
    case ArchiveError::not_a_header: return "no header of a newc archive";
    case ArchiveError::not_hexadecimal: return "a field of the header is not hexadecimal";
    case ArchiveError::name_empty: return "a member has no name";
    case ArchiveError::name_past_end: return "the archive ends inside a name";
    case ArchiveError::name_not_terminated: return "a name does not end with a NUL";
    case ArchiveError::name_holds_nul: return "a name has a NUL inside";
    case ArchiveError::name_too_long: return "a name is too long";
    case ArchiveError::name_climbs: return "a name has a \"..\" part";
    case ArchiveError::contents_past_end: return "the archive ends inside a member's contents";
    case ArchiveError::checksum_wrong: return "a member's checksum is wrong";
    case ArchiveError::link_text_wrong: return "a link's text is empty, too long or has a NUL";
    case ArchiveError::kind_unknown: return "a member is of no kind that is known";
    case ArchiveError::parent_not_directory: return "a member lies below what is no directory";
    case ArchiveError::no_trailer: return "the archive ends without its trailer";
    case ArchiveError::out_of_memory: return "out of memory";
    }
    return "unknown";
}

kit::Result<ArchiveMember, ArchiveFault> ArchiveReader::read_member() {
    u64 const start = at_;
    if (!archive_.holds(start, header_size))
        return ArchiveFault{ArchiveError::header_past_end, start};
    kit::Text const magic = text(archive_.part(start, magic_size));
    bool const has_checksum = magic == kit::Text("070702");
    if (!has_checksum && !(magic == kit::Text("070701")))
        return ArchiveFault{ArchiveError::not_a_header, start};
    u32 fields[field_count];
    for (u32 field = 0; field < field_count; ++field) {
        u64 const offset = start + magic_size + field * field_size;
        if (!parse(archive_.part(offset, field_size), fields[field]))
            return ArchiveFault{ArchiveError::not_hexadecimal, offset};
    }

    u64 const name_at = start + header_size;
    u64 const name_length = fields[name_size];
    if (name_length == 0) return ArchiveFault{ArchiveError::name_empty, start};
    if (!archive_.holds(name_at, name_length))
        return ArchiveFault{ArchiveError::name_past_end, name_at};
    if (archive_[name_at + name_length - 1] != 0)
        return ArchiveFault{ArchiveError::name_not_terminated, name_at};
    kit::Text const name = text(archive_.part(name_at, name_length - 1));
    if (holds_nul(name)) return ArchiveFault{ArchiveError::name_holds_nul, name_at};

    // Offsets count from the archive's start; sums of 32-bit sizes and checked offsets fit.
    u64 const contents_at = kit::align_up(name_at + name_length, 4);
    u64 const size = fields[contents_size];
    // An empty member may be the last thing there is, without the padding behind its name.
    u64 const fault_at = contents_at < archive_.size() ? contents_at : archive_.size();
    if (size > 0 && !archive_.holds(contents_at, size))
        return ArchiveFault{ArchiveError::contents_past_end, fault_at};
    kit::Bytes const contents = size > 0 ? archive_.part(contents_at, size) : kit::Bytes{};
    if (has_checksum) {
        u32 sum = 0;
        for (u64 at = 0; at < contents.size(); ++at) sum += contents[at];
        if (sum != fields[checksum]) return ArchiveFault{ArchiveError::checksum_wrong, fault_at};
    }
    at_ = kit::align_up(contents_at + size, 4);
    return ArchiveMember{.at = start,
                         .mode = fields[mode],
                         .inode = fields[inode],
                         .user = fields[user],
                         .group = fields[group],
                         .links = fields[links],
                         .modified = fields[modified],
                         .device_major = fields[device_major],
                         .device_minor = fields[device_minor],
                         .number_major = fields[number_major],
                         .number_minor = fields[number_minor],
                         .name = name,
                         .contents = contents};
}

// False: the end.
bool ArchiveReader::skip_zeros() {
    while (at_ < archive_.size() && archive_[at_] == 0) at_ += 1;
    return at_ < archive_.size();
}

kit::Result<ArchiveReader::Step, ArchiveFault> ArchiveReader::next() {
    while (true) {
        if (!inside_) {
            if (!skip_zeros()) return Step{true, {}};
            inside_ = true;
        }
        if (at_ >= archive_.size()) return ArchiveFault{ArchiveError::no_trailer, archive_.size()};
        auto const member = read_member();
        if (!member) return member.error();
        if (!(member.value().name == kit::Text("TRAILER!!!"))) return Step{false, member.value()};
        inside_ = false;
    }
}

bool NameParts::has_more() const {
    for (u64 at = 0; at < rest_.size(); ++at) {
        char const c = rest_.data()[at];
        bool const is_dot = c == '.' && (at == 0 || rest_.data()[at - 1] == '/') &&
                            (at + 1 == rest_.size() || rest_.data()[at + 1] == '/');
        if (c != '/' && !is_dot) return true;
    }
    return false;
}

bool NameParts::next(kit::Text& part) {
    while (!has_failed_) {
        u64 start = 0;
        while (start < rest_.size() && rest_.data()[start] == '/') start += 1;
        u64 end = start;
        while (end < rest_.size() && rest_.data()[end] != '/') end += 1;
        if (start == end) return false;
        part = {rest_.data() + start, end - start};
        rest_ = {rest_.data() + end, rest_.size() - end};
        if (part == kit::Text(".")) continue;
        if (part == kit::Text(".."))
            error_ = ArchiveError::name_climbs;
        else if (part.size() > longest_name)
            error_ = ArchiveError::name_too_long;
        else
            return true;
        has_failed_ = true;
    }
    return false;
}

}  // namespace vdsokit::personality

// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/vdso.h"

#include <cstring>
#include <fstream>
#include <iterator>

#include "hosts/uexec/loadable.h"
#include "kit/image/preload.h"

namespace vdsokit::uexec {

namespace {

using Preload = kit::Preload<PageFile>;

Refusal unusable(std::string const& path, std::string const& why) {
    return Refusal::own(path + ": " + why);
}

char const* text_of(kit::PreloadError error) {
    switch (error) {
    case kit::PreloadError::out_of_frames: return "out of memory";
    case kit::PreloadError::frame_size:
        return "its pages are smaller than this machine's: take vdso-16k.so or vdso-64k.so";
    case kit::PreloadError::too_many_frames: return "longer than a vDSO can be";
    case kit::PreloadError::replacement_too_wide: return "its traps cannot be replaced";
    }
    return "";
}

}  // namespace

OrRefusal<std::unique_ptr<Vdso>> Vdso::load(std::string const& path, bool unchecked) {
    std::ifstream stream(path, std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream.is_open() || stream.bad()) return Refusal::of_errno(status_own_failure, path);
    kit::Bytes const file(reinterpret_cast<u8 const*>(bytes.data()), bytes.size());
    auto loaded = unchecked ? load_unchecked(file, path) : load_checked(file, path);
    if (auto* const vdso = std::get_if<std::unique_ptr<Vdso>>(&loaded))
        if (Failure const failure = (*vdso)->pages_.seal()) return Refusal::own(failure.reason());
    return loaded;
}

OrRefusal<std::unique_ptr<Vdso>> Vdso::load_checked(kit::Bytes file, std::string const& path) {
    auto const image = kit::open_image(file);
    if (!image) {
        kit::ImageFault const& fault = image.error();
        return unusable(path, std::string("refused: ") + fault.rule->name + ": " +
                                  fault.rule->reason + " (offset " + hexadecimal(fault.at.value) +
                                  ")");
    }
    auto vdso = std::make_unique<Vdso>();
    u64 const page = own_page_size();
    // At least one, so that it is the kit that refuses an image of smaller pages.
    u64 const pages = std::max<u64>(1, image.value().size() / page);
    if (Failure const failure = vdso->pages_.create(pages, page))
        return Refusal::own(failure.reason());
    auto const preload = Preload::load(vdso->pages_, image.value(), {.frame_size = page});
    if (!preload) return unusable(path, text_of(preload.error()));
    for (u64 at = 0; at < preload.value().frame_count(); ++at)
        vdso->access_.push_back(preload.value().access(at));
    vdso->alignment_ = preload.value().alignment();
    vdso->time_page_ = preload.value().time_page();
    return vdso;
}

OrRefusal<std::unique_ptr<Vdso>> Vdso::load_unchecked(kit::Bytes file, std::string const& path) {
    auto vdso = std::make_unique<Vdso>();
    u64 const page = own_page_size();
    u64 const pages = file.size() / page;
    if (pages < 2 || pages > Preload::frames_max || file.size() % page != 0)
        return unusable(path, "not a number of whole pages that a vDSO could have");
    if (Failure const failure = vdso->pages_.create(pages, page))
        return Refusal::own(failure.reason());
    u8* const bytes = vdso->pages_.frame_bytes(0);
    std::memcpy(bytes, file.data(), static_cast<std::size_t>(file.size()));
    vdso->access_.assign(static_cast<std::size_t>(pages - 1), kit::Access::read_execute);
    vdso->access_.push_back(kit::Access::read);
    vdso->alignment_ = page;
    auto* const last = static_cast<abi::TimePage*>(static_cast<void*>(bytes + (pages - 1) * page));
    if (last->header.magic == abi::page_magic) vdso->time_page_ = last;
    return vdso;
}

Failure Vdso::map(u64 base) {
    OwnSpace space(pages_);
    for (u32 at = 0; at < access_.size(); ++at)
        if (!space.map_shared({base + at * pages_.page_size()}, at, access_[at]))
            return Failure::of_errno("mapping the image");
    return Failure::none();
}

void Vdso::let_go() {
    time_page_ = nullptr;
    pages_.drop_view();
    pages_.close();
}

}  // namespace vdsokit::uexec

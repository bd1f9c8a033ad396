// SPDX-License-Identifier: BSD-2-Clause
// An image in page frames: done once, at the host's start; every exec then maps the same frames
// (mapping.h) and copies nothing.
//
// The host's only writable view of them is FrameSource::frame_bytes(): the kit uses it here, and
// hands the time page's on to the Timekeeper. Processes get the frames without write access.
#pragma once

#include "abi/time_page.h"
#include "kit/core/fixed_vector.h"
#include "kit/core/memory.h"
#include "kit/image/image.h"

namespace vdsokit::kit {

enum class PreloadError : u8 {
    out_of_frames,         // the source had fewer than the image needs; none is kept
    frame_size,            // the image's pages are not whole frames of this host
    too_many_frames,       // more than a Preload holds
    replacement_too_wide,  // the replacement does not fit the machine's trap instruction
};

struct PreloadOptions {
    u64 frame_size = 4096;  // bytes of one frame of the source
    // Stands at every trap site instead of the instruction that enters the kernel: for a host on
    // which that instruction means something else. Little-endian.
    Maybe<u32> trap_replacement = Nothing{};
};

// A value: copying it copies no frame. Whoever loads it releases it, once; a host that keeps its
// vDSO for ever never does.
template <FrameSource Source>
class Preload {
public:
    using Frame = typename Source::Frame;
    // One page of code and one time page of 64 KiB each, in frames of 4 KiB.
    static constexpr u64 frames_max = 32;

    // On any error every frame has been given back.
    [[nodiscard]] static Result<Preload, PreloadError> load(Source& source, Image const& image,
                                                            PreloadOptions options) {
        u64 const frame_size = options.frame_size;
        if (frame_size == 0 || image.page_size() % frame_size != 0) return PreloadError::frame_size;
        return fill(source, image, options, image.size() / frame_size, nullptr);
    }

    // The same for an image of another machine that the same host runs. The time page is the same
    // bytes for all machines: this one shares the frames of `other`'s, so that what is published
    // there holds for both. `other` is released after this one.
    [[nodiscard]] static Result<Preload, PreloadError> load_beside(Source& source,
                                                                   Image const& image,
                                                                   PreloadOptions options,
                                                                   Preload const& other) {
        if (options.frame_size != other.frame_size_ || image.page_size() != other.page_size_)
            return PreloadError::frame_size;
        return fill(source, image, options, image.code_size() / options.frame_size, &other);
    }

    // No process maps it any more, and nobody writes its time page.
    void release(Source& source) {
        for (u64 index = 0; index < own_frames_; ++index) source.release_frame(frames_[index]);
        frames_ = {};
        own_frames_ = 0;
        time_page_ = nullptr;
    }

    u64 frame_size() const { return frame_size_; }
    u64 frame_count() const { return frames_.size(); }
    // Those that load() or load_beside() took from the source.
    u64 own_frame_count() const { return own_frames_; }
    Frame frame(u64 index) const { return frames_[index]; }
    // What a process may do with a frame: never both write and execute, in fact never write.
    Access access(u64 index) const {
        return index < code_frames() ? Access::read_execute : Access::read;
    }

    // Bytes of address space that a mapping takes, and what its base is a multiple of.
    u64 size() const { return frame_count() * frame_size_; }
    u64 alignment() const { return page_size_; }
    u64 code_size() const { return code_size_; }

    // The host's own view of the time page: for one Timekeeper.
    abi::TimePage* time_page() const { return time_page_; }

    // As Image::sigreturn().
    Maybe<ImageOffset> sigreturn() const { return sigreturn_; }

    // Bytes copied so far: those of load(), and none since.
    u64 bytes_copied() const { return bytes_copied_; }

private:
    Preload(Image const& image, u64 frame_size)
        : frame_size_(frame_size),
          page_size_(image.page_size()),
          code_size_(image.code_size()),
          sigreturn_(image.sigreturn()) {}

    u64 code_frames() const { return code_size_ / frame_size_; }

    // `own` frames from the source, then the time page's of `other`.
    static Result<Preload, PreloadError> fill(Source& source, Image const& image,
                                              PreloadOptions options, u64 own,
                                              Preload const* other) {
        if (image.size() / options.frame_size > frames_max) return PreloadError::too_many_frames;
        u64 const trap_bits = 8 * u64{image.trap_size()};
        if (options.trap_replacement && u64{options.trap_replacement.value()} >> trap_bits != 0)
            return PreloadError::replacement_too_wide;
        Preload preload{image, options.frame_size};
        if (!preload.allocate(source, own)) {
            preload.release(source);
            return PreloadError::out_of_frames;
        }
        preload.copy(source, image.file());
        if (options.trap_replacement)
            preload.replace_traps(source, image, options.trap_replacement.value());
        for (u64 index = 0; index < preload.code_frames(); ++index)
            source.publish_code(preload.frames_[index]);
        // The capacity has been checked, and both pages are of one size.
        if (other != nullptr)
            for (u64 index = other->code_frames(); index < other->frames_.size(); ++index)
                static_cast<void>(preload.frames_.push(other->frames_[index]));
        u8* const page = source.frame_bytes(preload.frames_[preload.code_frames()]);
        preload.time_page_ = static_cast<abi::TimePage*>(static_cast<void*>(page));
        return preload;
    }

    bool allocate(Source& source, u64 count) {
        while (own_frames_ < count) {
            Result<Frame, MapError> const frame = source.allocate_frame();
            if (!frame) return false;
            static_cast<void>(frames_.push(frame.value()));
            own_frames_ += 1;
        }
        return true;
    }

    void copy(Source& source, Bytes file) {
        for (u64 index = 0; index < own_frames_; ++index) {
            Bytes const part = file.part(index * frame_size_, frame_size_);
            __builtin_memcpy(source.frame_bytes(frames_[index]), part.data(),
                             static_cast<std::size_t>(part.size()));
            bytes_copied_ += part.size();
        }
    }

    // Byte by byte: an instruction of some machines may lie across two frames.
    void replace_traps(Source& source, Image const& image, u32 replacement) {
        for (u64 index = 0; index < image.trap_count(); ++index) {
            for (u32 byte = 0; byte < image.trap_size(); ++byte) {
                u64 const at = image.trap_site(index).value + byte;
                u8* const bytes = source.frame_bytes(frames_[at / frame_size_]);
                bytes[at % frame_size_] = static_cast<u8>(replacement >> (8 * byte));
            }
        }
    }

    FixedVector<Frame, frames_max> frames_;
    u64 own_frames_ = 0;  // the first of them
    u64 frame_size_;
    u64 page_size_;
    u64 code_size_;
    u64 bytes_copied_ = 0;
    abi::TimePage* time_page_ = nullptr;
    Maybe<ImageOffset> sigreturn_;
};

}  // namespace vdsokit::kit

// SPDX-License-Identifier: BSD-2-Clause
// A symbolic link. Its text stays in the archive, or has a frame of its own.
#pragma once

#include "hosts/personality/files/entry.h"

namespace vdsokit::personality {

class Symlink final : public Node {
public:
    // The text stays valid for ever.
    static Symlink* of_archive(FileSystem& file_system, kit::Bytes text);
    // Copies the text, 1 to 4095 bytes.
    static Symlink* make(FileSystem& file_system, kit::Bytes text);

    kit::Bytes link_text() override { return text_; }
    u64 size() const override { return text_.size(); }

    Symlink(FileSystem& file_system, kit::Bytes text, host::Frame frame)
        : Node(file_system, static_cast<u32>(NodeKind::symlink) | 0777),
          text_(text),
          frame_(frame) {}

private:
    void destroy() override;

    kit::Bytes text_;
    host::Frame frame_;
};

}  // namespace vdsokit::personality

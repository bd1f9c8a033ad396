// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/image.h"

namespace vdsokit::kit {

Result<Image, ImageFault> open_image(Bytes file, ImageMachine machine) {
    ImageView const view{file, machine};
    for (ImageRule const& rule : image_rules) {
        Finding const finding = rule.check(view);
        // What a rule could not look at is refused too: nothing is taken on trust.
        if (!finding.is_held()) return ImageFault{&rule, finding.at()};
    }
    return Image{view};
}

Maybe<ImageOffset> Image::find(Text name, Text version) const {
    auto const symbol = view_.symbols.find(name, version);
    if (!symbol) return Nothing{};
    return ImageOffset{symbol.value().value};  // linked at 0: the address is the distance
}

Maybe<ImageOffset> Image::sigreturn() const {
    if (view_.facts->sigreturn == nullptr) return Nothing{};
    return find(view_.facts->sigreturn, view_.facts->sigreturn_version);
}

}  // namespace vdsokit::kit

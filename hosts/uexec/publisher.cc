// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/publisher.h"

#include "hosts/uexec/counter_publisher.h"
#include "hosts/uexec/held_publisher.h"

namespace vdsokit::uexec {

OrRefusal<std::unique_ptr<Publisher>> make_publisher(Publish publish, long long wall_offset,
                                                     std::string& why) {
    std::unique_ptr<Publisher> made;
    switch (publish) {
    case Publish::none: why = "asked for"; return made;
    case Publish::held: made = std::make_unique<HeldPublisher>(wall_offset); return made;
    case Publish::automatic:
    case Publish::counter: break;
    }
    made = CounterPublisher::make(wall_offset, why);
    if (made == nullptr && publish == Publish::counter)
        return Refusal::own("--publish counter: " + why);
    return made;
}

}  // namespace vdsokit::uexec

// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/left_out.hpp"

namespace caretaker {

std::string_view to_string(LeftOut reason) {
    switch (reason) {
        case LeftOut::type:
            return "of a type that the rule does not name";
        case LeftOut::depth:
            return "outside the depths of the rule";
        case LeftOut::no_match:
            return "no pattern of match fits";
        case LeftOut::excluded:
            return "excluded by exclude";
        case LeftOut::guarded:
            return "protected by cleanup.protect";
        case LeftOut::keep_file:
            return "protected by a file .caretaker-keep";
        case LeftOut::size:
            return "outside the sizes of the rule";
        case LeftOut::not_old:
            return "young";
        case LeftOut::sticky:
            return "has the sticky bit";
        case LeftOut::live_socket:
            return "a socket in use";
        case LeftOut::mounted:
            return "a mount point";
        case LeftOut::locked:
            return "in a directory that another process holds a lock on";
        case LeftOut::of_system:
            return "of the file system itself";
        case LeftOut::live:
            return "live";
        case LeftOut::gone:
            return "was gone when it was looked at";
        case LeftOut::unreadable:
        case LeftOut::count:
            break;
    }
    return "could not be looked at";
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// What a walk leaves out, and why.
#pragma once

#include <cstdint>
#include <string_view>

namespace caretaker {

/// Why the walk left out an entry, or a directory with everything in it.
enum class LeftOut : std::uint8_t {
    type,         // of a type that the rule does not name
    depth,        // too near the root, or too deep
    no_match,     // no pattern of `match` fits
    excluded,     // by `exclude`
    guarded,      // by `protect`
    keep_file,    // by a .caretaker-keep beside it or above
    size,         // too small or too large
    not_old,      // younger than `older_than`, which alone decides
    sticky,       // a file with the sticky bit
    live_socket,  // a process listens there
    mounted,      // something is mounted there
    locked,       // another process holds a lock on the directory
    of_system,    // lost+found and the like at the top of a file system
    live,         // somebody else says that it is in use
    gone,         // was not there any more when it was looked at
    unreadable,   // could not be looked at
    count,
};

/// The reason in words, as the end of "left out: ".
std::string_view to_string(LeftOut reason);

}  // namespace caretaker

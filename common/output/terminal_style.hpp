// SPDX-License-Identifier: Apache-2.0
// What may be written to a stream: colour, a progress bar, characters outside ASCII. Pure.
#pragma once

#include <string_view>

namespace caretaker {

enum class ColourChoice { automatic, always, never };

/// What decides it, of one stream.
struct StreamFacts {
    bool is_terminal = false;
    ColourChoice choice = ColourChoice::automatic;
    std::string_view term{};      // TERM
    std::string_view no_color{};  // NO_COLOR
    std::string_view charset{};   // the first that is set of LC_ALL, LC_CTYPE and LANG
};

struct StreamStyle {
    bool colour = false;     // escape sequences may be written
    bool overwrite = false;  // a line may be written over (carriage return): a progress bar
    bool ascii = false;      // no decoration outside ASCII
};

/// Colour on a terminal unless it is dumb or NO_COLOR is not empty, or as chosen. A line is
/// written over on every terminal that is not dumb. Off a terminal all output is UTF-8; on one that
/// does not say so, decorations are ASCII.
StreamStyle choose_style(const StreamFacts& facts);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/output/terminal_style.hpp"

#include "common/text/ascii.hpp"

#include <string>

namespace caretaker {

namespace {

bool is_utf8(std::string_view charset) {
    const std::string lower = ascii_lower(charset);
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
}

}  // namespace

StreamStyle choose_style(const StreamFacts& facts) {
    const bool dumb = facts.term == "dumb";
    StreamStyle style{.overwrite = facts.is_terminal && !dumb,
                      .ascii = facts.is_terminal && !is_utf8(facts.charset)};
    switch (facts.choice) {
        case ColourChoice::automatic:
            style.colour = facts.is_terminal && !dumb && facts.no_color.empty();
            break;
        case ColourChoice::always:
            style.colour = true;
            break;
        case ColourChoice::never:
            break;
    }
    return style;
}

}  // namespace caretaker

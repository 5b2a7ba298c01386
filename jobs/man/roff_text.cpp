// SPDX-License-Identifier: Apache-2.0
#include "jobs/man/roff_text.hpp"

#include "common/text/utf8.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

std::string escaped_character(char c) {
    switch (c) {
        case '\\':
            return "\\e";
        case '-':
            return "\\-";
        case '\'':
            return "\\(aq";
        case '`':
            return "\\(ga";
        case '^':
            return "\\(ha";
        case '~':
            return "\\(ti";
        case '"':
            return "\\(dq";
        default:
            return {c};
    }
}

/// Of a sequence that utf8_sequence_length() has measured.
unsigned code_point(std::string_view sequence) {
    unsigned value =
        static_cast<unsigned char>(sequence.front()) & (0xFFU >> (sequence.size() + 1));
    for (const char c : sequence.substr(1)) {
        value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
    }
    return value;
}

}  // namespace

std::string roff_escaped(std::string_view text) {
    std::string out;
    bool line_begins = true;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        if (length > 1) {
            out += fmt::format("\\[u{:04X}]", code_point(text.substr(0, length)));
        } else {
            if (line_begins && (text.front() == '.' || text.front() == '\'')) {
                out += "\\&";
            }
            out += length == 0 ? "?" : escaped_character(text.front());
        }
        line_begins = text.front() == '\n';
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::string roff_argument(std::string_view text) {
    return '"' + roff_escaped(text) + '"';
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/text/display_width.hpp"

#include "common/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace caretaker {

namespace {

struct Range {
    char32_t first = 0;
    char32_t last = 0;
};

// Combining marks of the scripts in common use, joiners, direction marks and variation selectors.
constexpr std::array zero_width{
    Range{0x0300, 0x036F},   Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x05BF, 0x05BF},
    Range{0x05C1, 0x05C2},   Range{0x05C4, 0x05C5}, Range{0x0610, 0x061A}, Range{0x064B, 0x065F},
    Range{0x0670, 0x0670},   Range{0x06D6, 0x06DC}, Range{0x06DF, 0x06E4}, Range{0x06E7, 0x06E8},
    Range{0x06EA, 0x06ED},   Range{0x0900, 0x0902}, Range{0x093C, 0x093C}, Range{0x0941, 0x0948},
    Range{0x094D, 0x094D},   Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E},
    Range{0x1160, 0x11FF},   Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F},
    Range{0x202A, 0x202E},   Range{0x2060, 0x2064}, Range{0x20D0, 0x20F0}, Range{0x302A, 0x302D},
    Range{0x3099, 0x309A},   Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF},
    Range{0xE0001, 0xE01EF},
};

// East Asian Width W and F, and the symbols that terminals show as emoji.
constexpr std::array double_width{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},
    Range{0x23E9, 0x23EC},   Range{0x23F0, 0x23F0},   Range{0x23F3, 0x23F3},
    Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},
    Range{0x267F, 0x267F},   Range{0x2693, 0x2693},   Range{0x26A1, 0x26A1},
    Range{0x26AA, 0x26AB},   Range{0x26BD, 0x26BE},   Range{0x26C4, 0x26C5},
    Range{0x26CE, 0x26CE},   Range{0x26D4, 0x26D4},   Range{0x26EA, 0x26EA},
    Range{0x26F2, 0x26F3},   Range{0x26F5, 0x26F5},   Range{0x26FA, 0x26FA},
    Range{0x26FD, 0x26FD},   Range{0x2705, 0x2705},   Range{0x270A, 0x270B},
    Range{0x2728, 0x2728},   Range{0x274C, 0x274C},   Range{0x274E, 0x274E},
    Range{0x2753, 0x2755},   Range{0x2757, 0x2757},   Range{0x2795, 0x2797},
    Range{0x27B0, 0x27B0},   Range{0x27BF, 0x27BF},   Range{0x2B1B, 0x2B1C},
    Range{0x2B50, 0x2B50},   Range{0x2B55, 0x2B55},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x4DBF},   Range{0x4E00, 0xA4CF},   Range{0xA960, 0xA97F},
    Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE10, 0xFE19},
    Range{0xFE30, 0xFE6F},   Range{0xFF01, 0xFF60},   Range{0xFFE0, 0xFFE6},
    Range{0x16FE0, 0x18CFF}, Range{0x1B000, 0x1B2FF}, Range{0x1F004, 0x1F004},
    Range{0x1F0CF, 0x1F0CF}, Range{0x1F18E, 0x1F18E}, Range{0x1F191, 0x1F19A},
    Range{0x1F200, 0x1F320}, Range{0x1F32D, 0x1F335}, Range{0x1F337, 0x1F37C},
    Range{0x1F37E, 0x1F393}, Range{0x1F3A0, 0x1F3CA}, Range{0x1F3CF, 0x1F3D3},
    Range{0x1F3E0, 0x1F3F0}, Range{0x1F3F4, 0x1F3F4}, Range{0x1F3F8, 0x1F43E},
    Range{0x1F440, 0x1F440}, Range{0x1F442, 0x1F4FC}, Range{0x1F4FF, 0x1F53D},
    Range{0x1F54B, 0x1F54E}, Range{0x1F550, 0x1F567}, Range{0x1F57A, 0x1F57A},
    Range{0x1F595, 0x1F596}, Range{0x1F5A4, 0x1F5A4}, Range{0x1F5FB, 0x1F64F},
    Range{0x1F680, 0x1F6C5}, Range{0x1F6CC, 0x1F6CC}, Range{0x1F6D0, 0x1F6D2},
    Range{0x1F6D5, 0x1F6DF}, Range{0x1F6EB, 0x1F6EC}, Range{0x1F6F4, 0x1F6FC},
    Range{0x1F7E0, 0x1F7F0}, Range{0x1F90C, 0x1F93A}, Range{0x1F93C, 0x1F945},
    Range{0x1F947, 0x1F9FF}, Range{0x1FA70, 0x1FAFF}, Range{0x20000, 0x3FFFD},
};

bool contains(std::span<const Range> ranges, char32_t c) {
    const auto behind = std::ranges::upper_bound(ranges, c, {}, &Range::first);
    return behind != ranges.begin() && c <= std::prev(behind)->last;
}

std::size_t width_of(char32_t c) {
    if (c < 0x300) {
        return 1;
    }
    if (contains(zero_width, c)) {
        return 0;
    }
    return contains(double_width, c) ? 2 : 1;
}

struct Character {
    std::size_t bytes = 0;
    std::size_t columns = 0;
};

/// The character at the front of a text that is not empty.
Character front_character(std::string_view text) {
    const std::size_t length = utf8_sequence_length(text);
    if (length <= 1) {
        return {.bytes = 1, .columns = 1};
    }
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    char32_t c = byte(0) & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        c = (c << 6U) | (byte(i) & 0x3FU);
    }
    return {.bytes = length, .columns = width_of(c)};
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
    std::size_t columns = 0;
    while (!utf8.empty()) {
        const Character character = front_character(utf8);
        columns += character.columns;
        utf8.remove_prefix(character.bytes);
    }
    return columns;
}

std::string cut_to_width(std::string_view utf8, std::size_t width) {
    std::size_t columns = 0;
    std::size_t kept = 0;  // bytes that leave a column for the ellipsis
    for (std::size_t at = 0; at < utf8.size();) {
        const Character character = front_character(utf8.substr(at));
        columns += character.columns;
        if (columns > width) {
            return width == 0 ? "" : std::string(utf8.substr(0, kept)) + "…";
        }
        at += character.bytes;
        if (columns < width) {
            kept = at;
        }
    }
    return std::string(utf8);
}

std::vector<std::string> wrap_to_width(std::string_view utf8, std::size_t width) {
    std::vector<std::string> lines;
    std::size_t begin = 0;    // of the line
    std::size_t blank = 0;    // the last one in it; none when it is not behind `begin`
    std::size_t columns = 0;  // of the line so far
    for (std::size_t at = 0; at < utf8.size();) {
        const Character character = front_character(utf8.substr(at));
        if (columns + character.columns > width && at > begin) {
            const bool at_blank = utf8[at] == ' ' || blank > begin;
            const std::size_t end = utf8[at] == ' ' ? at : (blank > begin ? blank : at);
            lines.emplace_back(utf8.substr(begin, end - begin));
            begin = end + (at_blank ? 1 : 0);
            at = begin;
            columns = 0;
            continue;
        }
        if (utf8[at] == ' ') {
            blank = at;
        }
        columns += character.columns;
        at += character.bytes;
    }
    lines.emplace_back(utf8.substr(begin));
    return lines;
}

}  // namespace caretaker

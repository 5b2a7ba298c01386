// SPDX-License-Identifier: Apache-2.0
#include "common/output/word_colour.hpp"

#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 5> columns{
    "state", "outcome", "severity", "status", "verdict"};
constexpr std::array<std::string_view, 3> good{"ok", "done", "resolved"};
constexpr std::array<std::string_view, 8> middling{
    "partial", "warning", "warn", "skipped", "interrupted", "findings", "low", "ahead"};
constexpr std::array<std::string_view, 13> bad{"failed",
                                               "critical",
                                               "high",
                                               "timeout",
                                               "braked",
                                               "lost",
                                               "unknown",
                                               "overdue",
                                               "err",
                                               "stop",
                                               "stall",
                                               "rewind",
                                               "notfound"};

bool has(const auto& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// The number of its colour (ECMA-48, SGR), or 0.
int colour_of(std::string_view word) {
    if (has(good, word)) {
        return 32;
    }
    if (has(middling, word)) {
        return 33;
    }
    return has(bad, word) ? 31 : 0;
}

}  // namespace

bool tells_state(std::string_view column) {
    return has(columns, column);
}

std::string colour_state(std::string_view column, std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const int colour = tells_state(column) ? colour_of(ascii_lower(word)) : 0;
    if (colour == 0) {
        return std::string(text);
    }
    return fmt::format(
        "{}\x1B[{}m{}\x1B[0m{}", text.substr(0, begin), colour, word, text.substr(end));
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/text/shell_quote.hpp"

namespace caretaker {

namespace {

bool needs_quotes(std::string_view word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,=@%";
    return word.empty() || word.find_first_not_of(plain) != std::string_view::npos;
}

}  // namespace

std::string shell_quoted(std::string_view word) {
    if (!needs_quotes(word)) {
        return std::string(word);
    }
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + '\'';
}

}  // namespace caretaker

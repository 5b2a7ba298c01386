// SPDX-License-Identifier: Apache-2.0
#include "common/text/shell_words.hpp"

#include "common/text/shell_quote.hpp"

namespace caretaker {

std::string join_shell_words(std::span<const std::string> words) {
    std::string line;
    for (const std::string& word : words) {
        line += line.empty() ? "" : " ";
        line += shell_quoted(word);
    }
    return line;
}

std::optional<std::vector<std::string>> split_shell_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char open = '\0';  // the quote that we are in
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (open == '\'' || (open == '"' && c == '"')) {
            if (c == open) {
                open = '\0';
            } else {
                word += c;
            }
        } else if (c == '\\' && i + 1 < line.size()) {
            const char next = line[++i];
            // Within double quotes a backslash is one but before these.
            const bool kept =
                open == '"' && next != '"' && next != '\\' && next != '$' && next != '`';
            word += kept ? std::string{c, next} : std::string{next};
            in_word = true;
        } else if (open == '"') {
            word += c;
        } else if (c == '\'' || c == '"') {
            open = c;
            in_word = true;
        } else if (c == ' ' || c == '\t' || c == '\n') {
            if (in_word) {
                words.push_back(std::move(word));
                word.clear();
            }
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (open != '\0') {
        return std::nullopt;
    }
    if (in_word) {
        words.push_back(std::move(word));
    }
    return words;
}

}  // namespace caretaker

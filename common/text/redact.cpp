// SPDX-License-Identifier: Apache-2.0
#include "common/text/redact.hpp"

#include "common/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <unordered_set>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::size_t shortest_secret = 4;
constexpr std::size_t telling_piece = 8;  // of a longer secret

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return text.find(word) != none; });
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](auto word) { return text.ends_with(word); });
}

bool names_a_file(std::string_view lower) {
    return ends_with_any(lower, {"file", "dir", "location", "path"});
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-.").find(c) != none;
}

/// First position from `from` on where `ends` holds, else the text's size.
template <typename Predicate>
std::size_t find_end(std::string_view text, std::size_t from, Predicate ends) {
    while (from < text.size() && !ends(text[from])) {
        ++from;
    }
    return from;
}

bool is_secret_header(std::string_view lower) {
    return ends_with_any(lower, {"authorization", "cookie"}) ||
           (lower.starts_with("x-") && ends_with_any(lower, {"-token", "-key"}));
}

/// A stretch of the text to be replaced.
struct Stretch {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The value of a header, behind its colon: up to the closing quote where it or the whole header is
/// quoted, else to the end of the line.
Stretch header_value(std::string_view text, std::size_t name_begin, std::size_t behind_colon) {
    const auto begin = find_end(text, behind_colon, [](char c) { return c != ' ' && c != '\t'; });
    char quote = '\0';
    if (begin < text.size() && is_quote(text[begin])) {
        quote = text[begin];
        return {begin + 1,
                find_end(text, begin + 1, [&](char c) { return c == quote || c == '\n'; })};
    }
    if (name_begin > 0 && is_quote(text[name_begin - 1])) {
        quote = text[name_begin - 1];
    }
    const auto ends = [&](char c) {
        return c == '\r' || c == '\n' || (quote != '\0' && c == quote);
    };
    return {begin, find_end(text, begin, ends)};
}

bool ends_parameter(char c) {
    return is_space(c) || is_quote(c) || std::string_view("&#<>").find(c) != none;
}

/// The value behind name=, quoted or not.
Stretch parameter_value(std::string_view text, std::size_t begin) {
    if (begin < text.size() && is_quote(text[begin])) {
        const char quote = text[begin];
        return {begin + 1,
                find_end(text, begin + 1, [&](char c) { return c == quote || c == '\n'; })};
    }
    return {begin, find_end(text, begin, ends_parameter)};
}

bool is_secret_parameter(std::string_view lower, bool in_query) {
    if (names_a_file(lower)) {
        return false;
    }
    return contains_any(lower, {"password", "passwd", "secret", "token"}) ||
           (in_query && (lower.ends_with("key") || lower.find("signature") != none));
}

/// The secret that a name at [begin, end) announces by the ':' or '=' behind it.
Stretch announced_secret(std::string_view text, std::size_t begin, std::size_t end) {
    const std::string name = ascii_lower(text.substr(begin, end - begin));
    std::size_t behind = end;
    if (behind < text.size() && is_quote(text[behind])) {
        ++behind;  // "Authorization": "…" as in JSON
    }
    if (behind < text.size() && text[behind] == ':' && is_secret_header(name)) {
        return header_value(text, begin, behind + 1);
    }
    const bool in_query = begin > 0 && (text[begin - 1] == '?' || text[begin - 1] == '&');
    if (end < text.size() && text[end] == '=' && is_secret_parameter(name, in_query)) {
        return parameter_value(text, end + 1);
    }
    return {};
}

std::string without_announced(std::string_view text) {
    std::string result;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_name_character(text[at])) {
            ++at;
            continue;
        }
        const std::size_t end = find_end(text, at, [](char c) { return !is_name_character(c); });
        const Stretch secret = announced_secret(text, at, end);
        at = end;
        if (secret.end > secret.begin) {
            result += text.substr(copied, secret.begin - copied);
            result += redacted;
            copied = at = secret.end;
        }
    }
    result += text.substr(copied);
    return result;
}

std::string without_userinfo(std::string_view text) {
    std::string result;
    std::size_t copied = 0;
    for (std::size_t mark = text.find("://"); mark != none; mark = text.find("://", mark)) {
        mark += 3;
        const std::size_t end = find_end(text, mark, [](char c) {
            return is_space(c) || is_quote(c) || std::string_view("/?#<>").find(c) != none;
        });
        const std::size_t at = text.substr(0, end).rfind('@');
        if (at != none && at > mark) {
            result += text.substr(copied, mark - copied);
            result += redacted;
            copied = at;
        }
    }
    result += text.substr(copied);
    return result;
}

/// Marks what of `text` is one of the secrets, or a piece of one: excerpts cut them anywhere.
std::vector<bool> find_literals(std::string_view text, std::span<const std::string> secrets) {
    std::vector<bool> hidden(text.size());
    const auto hide = [&hidden](std::size_t at, std::size_t length) {
        std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(at), length, true);
    };
    std::unordered_set<std::string_view> pieces;
    for (const std::string_view secret : secrets) {
        if (secret.size() > telling_piece) {
            for (std::size_t i = 0; i + telling_piece <= secret.size(); ++i) {
                pieces.insert(secret.substr(i, telling_piece));
            }
        } else if (secret.size() >= shortest_secret) {
            for (auto at = text.find(secret); at != none; at = text.find(secret, at + 1)) {
                hide(at, secret.size());
            }
        }
    }
    for (std::size_t at = 0; !pieces.empty() && at + telling_piece <= text.size(); ++at) {
        if (pieces.contains(text.substr(at, telling_piece))) {
            hide(at, telling_piece);
        }
    }
    return hidden;
}

std::string without_literals(std::string_view text, std::span<const std::string> secrets) {
    if (secrets.empty()) {
        return std::string(text);
    }
    const std::vector<bool> hidden = find_literals(text, secrets);
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!hidden[at]) {
            result += text[at];
        } else if (at == 0 || !hidden[at - 1]) {
            result += redacted;
        }
    }
    return result;
}

}  // namespace

bool is_secret_name(std::string_view name) {
    const std::string lower = ascii_lower(name);
    return !names_a_file(lower) && (contains_any(lower,
                                                 {"password",
                                                  "passwd",
                                                  "secret",
                                                  "token",
                                                  "authorization",
                                                  "cookie",
                                                  "signature",
                                                  "jaas"}) ||
                                    ends_with_any(lower, {"key", "key.pem"}));
}

std::string redact_url(std::string_view url) {
    return without_userinfo(url);
}

std::string redact(std::string_view text, std::span<const std::string> secrets) {
    return without_announced(without_userinfo(without_literals(text, secrets)));
}

}  // namespace caretaker

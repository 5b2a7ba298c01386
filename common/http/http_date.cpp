// SPDX-License-Identifier: Apache-2.0
#include "common/http/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace caretaker {

namespace {

using Words = std::vector<std::string_view>;

Words split(std::string_view text, std::string_view separators) {
    Words words;
    while (true) {
        const std::size_t begin = text.find_first_not_of(separators);
        if (begin == std::string_view::npos) {
            return words;
        }
        text.remove_prefix(begin);
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::optional<int> parse_digits(std::string_view text, std::size_t fewest, std::size_t most) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size() && text[0] != '-';
    if (!whole || text.size() < fewest || text.size() > most) {
        return std::nullopt;
    }
    return number;
}

std::optional<std::chrono::month> parse_month(std::string_view name) {
    static constexpr std::array<std::string_view, 12> names{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto* found = std::ranges::find(names, name);
    if (found == names.end()) {
        return std::nullopt;
    }
    return std::chrono::month(static_cast<unsigned>(found - names.begin()) + 1);
}

std::optional<std::chrono::seconds> parse_time(std::string_view text) {
    const Words parts = split(text, ":");
    if (text.size() != 8 || parts.size() != 3) {
        return std::nullopt;
    }
    const auto hours = parse_digits(parts[0], 2, 2);
    const auto minutes = parse_digits(parts[1], 2, 2);
    const auto seconds = parse_digits(parts[2], 2, 2);
    if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) {
        return std::nullopt;
    }
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds);
}

std::optional<int> parse_year(std::string_view text) {
    auto year = parse_digits(text, 2, 4);
    if (!year || text.size() == 3) {
        return std::nullopt;
    }
    if (text.size() == 2) {
        year = *year + (*year < 70 ? 2000 : 1900);
    }
    return year;
}

std::optional<std::chrono::sys_seconds> combine(std::optional<int> year,
                                                std::optional<std::chrono::month> month,
                                                std::optional<int> day,
                                                std::optional<std::chrono::seconds> time) {
    if (!year || !month || !day || !time) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(
        std::chrono::year(*year), *month, std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + *time;
}

std::optional<std::chrono::month> parse_month_number(std::string_view text) {
    const auto number = parse_digits(text, 2, 2);
    if (!number) {
        return std::nullopt;
    }
    return std::chrono::month(static_cast<unsigned>(*number));
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
    const Words words = split(text, " ,-");
    if (words.size() == 6 && words[5] == "GMT") {
        return combine(parse_year(words[3]),
                       parse_month(words[2]),
                       parse_digits(words[1], 2, 2),
                       parse_time(words[4]));
    }
    if (words.size() == 5) {
        return combine(parse_year(words[4]),
                       parse_month(words[1]),
                       parse_digits(words[2], 1, 2),
                       parse_time(words[3]));
    }
    return std::nullopt;
}

std::optional<std::chrono::sys_seconds> parse_certificate_date(std::string_view text) {
    const Words words = split(text, " ");
    if (words.size() == 5 && words[4] == "GMT") {
        return combine(parse_year(words[3]),
                       parse_month(words[0]),
                       parse_digits(words[1], 1, 2),
                       parse_time(words[2]));
    }
    if (words.size() == 3 && words[2] == "GMT") {
        const Words date = split(words[0], "-");
        if (date.size() == 3) {
            return combine(parse_year(date[0]),
                           parse_month_number(date[1]),
                           parse_digits(date[2], 2, 2),
                           parse_time(words[1]));
        }
    }
    return std::nullopt;
}

}  // namespace caretaker

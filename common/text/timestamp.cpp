// SPDX-License-Identifier: Apache-2.0
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace caretaker {

namespace {

using std::chrono::milliseconds;
using Time = std::chrono::sys_time<milliseconds>;

constexpr Time first_time = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr Time last_time =
    std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1) - milliseconds(1);

/// Reads from the front of a text, a piece at a time.
class Scanner {
 public:
    explicit Scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] bool at_end() const { return text_.empty(); }

    /// Takes one character out of `any_of`.
    bool take(std::string_view any_of) {
        if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) {
            return false;
        }
        text_.remove_prefix(1);
        return true;
    }

    /// Takes exactly `count` digits.
    std::optional<int> number(std::size_t count) {
        if (text_.size() < count) {
            return std::nullopt;
        }
        int value = 0;
        for (const char c : text_.substr(0, count)) {
            if (c < '0' || c > '9') {
                return std::nullopt;
            }
            value = value * 10 + (c - '0');
        }
        text_.remove_prefix(count);
        return value;
    }

    /// Takes ".123…" as milliseconds; 0 where no fraction stands.
    std::optional<int> fraction() {
        if (!take(".")) {
            return 0;
        }
        int value = 0;
        int digits = 0;
        while (const auto digit = number(1)) {
            if (digits < 3) {
                value = value * 10 + *digit;
            }
            ++digits;
        }
        if (digits == 0) {
            return std::nullopt;
        }
        for (; digits < 3; ++digits) {
            value *= 10;
        }
        return value;
    }

 private:
    std::string_view text_;
};

std::optional<Time> parse_date(Scanner& in) {
    const auto year = in.number(4);
    if (!year || !in.take("-")) {
        return std::nullopt;
    }
    const auto month = in.number(2);
    if (!month || !in.take("-")) {
        return std::nullopt;
    }
    const auto day = in.number(2);
    if (!day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date);
}

std::optional<milliseconds> parse_hours_minutes(Scanner& in) {
    const auto hours = in.number(2);
    if (!hours || !in.take(":")) {
        return std::nullopt;
    }
    const auto minutes = in.number(2);
    if (!minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

std::optional<milliseconds> parse_time_of_day(Scanner& in) {
    const auto minutes = parse_hours_minutes(in);
    if (!minutes || !in.take(":")) {
        return std::nullopt;
    }
    const auto seconds = in.number(2);
    if (!seconds || *seconds > 59) {
        return std::nullopt;
    }
    const auto fraction = in.fraction();
    if (!fraction) {
        return std::nullopt;
    }
    return *minutes + std::chrono::seconds(*seconds) + milliseconds(*fraction);
}

/// What has to be added to reach UTC.
std::optional<milliseconds> parse_offset(Scanner& in) {
    if (in.take("Zz")) {
        return milliseconds(0);
    }
    const bool east = in.take("+");
    if (!east && !in.take("-")) {
        return std::nullopt;
    }
    const auto offset = parse_hours_minutes(in);
    if (!offset) {
        return std::nullopt;
    }
    return east ? -*offset : *offset;
}

}  // namespace

std::string format_rfc3339(Time time) {
    const Time shown = std::clamp(time, first_time, last_time);
    const auto midnight = std::chrono::floor<std::chrono::days>(shown);
    const std::chrono::year_month_day date(midnight);
    const std::chrono::hh_mm_ss clock(shown - midnight);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()),
                       clock.hours().count(),
                       clock.minutes().count(),
                       clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<Time> parse_rfc3339(std::string_view text) {
    Scanner in(text);
    const auto date = parse_date(in);
    if (!date || in.at_end()) {
        return date;
    }
    if (!in.take("Tt ")) {
        return std::nullopt;
    }
    const auto time_of_day = parse_time_of_day(in);
    if (!time_of_day) {
        return std::nullopt;
    }
    const auto offset = parse_offset(in);
    if (!offset || !in.at_end()) {
        return std::nullopt;
    }
    const Time time = *date + *time_of_day + *offset;
    // An offset can lead out of the years that the form has.
    return time < first_time || time > last_time ? std::nullopt : std::optional(time);
}

}  // namespace caretaker

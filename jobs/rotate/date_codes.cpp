// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/date_codes.hpp"

#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

/// The numbers that a text holds, by their codes.
struct Parts {
    std::optional<int> year{};
    std::optional<int> iso_year{};
    std::optional<int> month{};
    std::optional<int> day{};
    std::optional<int> day_of_year{};
    std::optional<int> week_from_monday{};
    std::optional<int> week_from_sunday{};
    std::optional<int> iso_week{};
    int hour = 0;
    int minute = 0;
    int second = 0;
};

bool set_part(Parts& parts, char code, int value) {
    switch (code) {
        case 'Y':
            parts.year = value;
            return value > 0;
        case 'G':
            parts.iso_year = value;
            return value > 0;
        case 'y':
            parts.year = value < 69 ? 2000 + value : 1900 + value;
            return true;
        case 'm':
            parts.month = value;
            return value >= 1 && value <= 12;
        case 'd':
            parts.day = value;
            return value >= 1 && value <= 31;
        case 'j':
            parts.day_of_year = value;
            return value >= 1 && value <= 366;
        case 'W':
            parts.week_from_monday = value;
            return value <= 53;
        case 'U':
            parts.week_from_sunday = value;
            return value <= 53;
        case 'V':
            parts.iso_week = value;
            return value <= 53;
        case 'H':
            parts.hour = value;
            return value <= 23;
        case 'M':
            parts.minute = value;
            return value <= 59;
        case 'S':
            parts.second = value;
            return value <= 59;
        default:
            return false;
    }
}

/// Reads `text` as a whole by `form`.
std::optional<Parts> read_parts(std::string_view text, std::string_view form) {
    Parts parts;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] == '%' && i + 1 < form.size()) {
            const char code = form[++i];
            const std::size_t count = date_code_digits(code);
            int value = 0;
            if (count == 0 || text.size() < count) {
                return std::nullopt;
            }
            const char* const end = text.data() + count;
            const auto parsed = std::from_chars(text.data(), end, value);
            if (parsed.ec != std::errc{} || parsed.ptr != end || text.front() == '-' ||
                !set_part(parts, code, value)) {
                return std::nullopt;
            }
            text.remove_prefix(count);
        } else if (!text.empty() &&
                   ascii_lower(text.substr(0, 1)) == ascii_lower(form.substr(i, 1))) {
            text.remove_prefix(1);
        } else {
            return std::nullopt;
        }
    }
    return text.empty() ? std::optional(parts) : std::nullopt;
}

/// The Monday of a week counted from the first `first` weekday of the year on.
sys_days monday_of_week(int in_year, int week, weekday first) {
    const sys_days new_year = year_month_day(year(in_year), month(1), day(1));
    const days to_first = first - weekday(new_year);
    // A year that begins with a whole week has no week 0.
    const int weeks = to_first.count() == 0 && week == 0 ? 0 : week - 1;
    const sys_days begin = new_year + to_first + days(7 * weeks);
    return begin + (std::chrono::Monday - first);
}

sys_days iso_monday(int in_year, int week) {
    const sys_days fourth = year_month_day(year(in_year), month(1), day(4));
    return fourth - (weekday(fourth) - std::chrono::Monday) + days(7 * (week - 1));
}

std::optional<sys_days> date_of(const Parts& parts) {
    if (parts.iso_week || parts.iso_year) {
        if (!parts.iso_week || !parts.iso_year) {
            return std::nullopt;
        }
        return iso_monday(*parts.iso_year, *parts.iso_week);
    }
    const int in_year = parts.year.value_or(1900);
    if (parts.week_from_monday) {
        return monday_of_week(in_year, *parts.week_from_monday, std::chrono::Monday);
    }
    if (parts.week_from_sunday) {
        return monday_of_week(in_year, *parts.week_from_sunday, std::chrono::Sunday);
    }
    if (parts.day_of_year) {
        const sys_days new_year = year_month_day(year(in_year), month(1), day(1));
        return new_year + days(*parts.day_of_year - 1);
    }
    const year_month_day date(year(in_year),
                              month(static_cast<unsigned>(parts.month.value_or(1))),
                              day(static_cast<unsigned>(parts.day.value_or(1))));
    return date.ok() ? std::optional<sys_days>(date) : std::nullopt;
}

int week_number(sys_days date, weekday first) {
    const year_month_day calendar(date);
    const sys_days new_year = year_month_day(calendar.year(), month(1), day(1));
    const int since = static_cast<int>((date - new_year).count());
    const int in_week = static_cast<int>((weekday(date) - first).count());
    return (since + 7 - in_week) / 7;
}

/// The ISO week, and the year that it belongs to.
std::pair<int, int> iso_week_of(sys_days date) {
    const sys_days thursday = date - (weekday(date) - std::chrono::Monday) + days(3);
    const year_month_day calendar(thursday);
    const sys_days new_year = year_month_day(calendar.year(), month(1), day(1));
    return {static_cast<int>(calendar.year()),
            static_cast<int>((thursday - new_year).count() / 7) + 1};
}

std::string format_code(char code, UnixSeconds now) {
    const sys_days date = std::chrono::floor<days>(now);
    const year_month_day calendar(date);
    const std::chrono::hh_mm_ss time(now - date);
    const int in_year = static_cast<int>(calendar.year());
    switch (code) {
        case 'Y':
            return fmt::format("{:04}", in_year);
        case 'G':
            return fmt::format("{:04}", iso_week_of(date).first);
        case 'y':
            return fmt::format("{:02}", in_year % 100);
        case 'm':
            return fmt::format("{:02}", static_cast<unsigned>(calendar.month()));
        case 'd':
            return fmt::format("{:02}", static_cast<unsigned>(calendar.day()));
        case 'j':
            return fmt::format(
                "{:03}",
                (date - sys_days(year_month_day(calendar.year(), month(1), day(1)))).count() + 1);
        case 'W':
            return fmt::format("{:02}", week_number(date, std::chrono::Monday));
        case 'U':
            return fmt::format("{:02}", week_number(date, std::chrono::Sunday));
        case 'V':
            return fmt::format("{:02}", iso_week_of(date).second);
        case 'H':
            return fmt::format("{:02}", time.hours().count());
        case 'M':
            return fmt::format("{:02}", time.minutes().count());
        case 'S':
            return fmt::format("{:02}", time.seconds().count());
        default:
            return std::string(1, code);
    }
}

}  // namespace

std::size_t date_code_digits(char code) {
    switch (code) {
        case 'Y':
        case 'G':
            return 4;
        case 'j':
            return 3;
        case 'y':
        case 'm':
        case 'W':
        case 'U':
        case 'V':
        case 'd':
        case 'H':
        case 'M':
        case 'S':
            return 2;
        default:
            return 0;
    }
}

std::optional<UnixSeconds> parse_whole_date(std::string_view text, std::string_view form) {
    const auto parts = read_parts(text, form);
    if (!parts) {
        return std::nullopt;
    }
    const auto date = date_of(*parts);
    if (!date) {
        return std::nullopt;
    }
    return *date + std::chrono::hours(parts->hour) + std::chrono::minutes(parts->minute) +
           std::chrono::seconds(parts->second);
}

std::string format_timestring(std::string_view form, UnixSeconds now) {
    std::string text;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] != '%') {
            text += form[i];
        } else if (i + 1 < form.size()) {
            text += format_code(form[++i], now);
        }
    }
    return text;
}

std::int64_t normalise_epoch(std::int64_t value) {
    const std::string text = fmt::format("{}", value);
    constexpr std::size_t seconds = 10;
    constexpr std::size_t milliseconds = 13;
    if (text.size() <= seconds) {
        return value;
    }
    if (text.size() <= milliseconds) {
        return value / 1000;
    }
    std::int64_t cut = 0;
    std::from_chars(text.data(), text.data() + seconds, cut);
    return cut;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/date_math.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace caretaker {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

/// What ends the resolving of one name; never leaves this file.
class BadDateMath : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

/// The same of what a server may know all the same.
class NeedsServer final : public BadDateMath {
 public:
    using BadDateMath::BadDateMath;
};

constexpr std::string_view usual_format = "uuuu.MM.dd";

UnixSeconds round_down(UnixSeconds time, char unit) {
    const sys_days date = std::chrono::floor<days>(time);
    const year_month_day calendar(date);
    switch (unit) {
        case 'y':
            return sys_days(calendar.year() / std::chrono::January / 1);
        case 'M':
            return sys_days(calendar.year() / calendar.month() / 1);
        case 'w':
            return date - (std::chrono::weekday(date) - std::chrono::Monday);
        case 'd':
            return date;
        case 'h':
        case 'H':
            return std::chrono::floor<std::chrono::hours>(time);
        case 'm':
            return std::chrono::floor<std::chrono::minutes>(time);
        case 's':
            return time;
        default:
            throw BadDateMath(fmt::format("'{}' is no unit; there are y M w d h m s", unit));
    }
}

/// The day is cut to the last one of a shorter month.
UnixSeconds add_months(UnixSeconds time, int count) {
    const sys_days date = std::chrono::floor<days>(time);
    year_month_day calendar(date);
    calendar += std::chrono::months(count);
    const year_month_day last = calendar.year() / calendar.month() / std::chrono::last;
    return sys_days(calendar.ok() ? calendar : last) + (time - date);
}

UnixSeconds add(UnixSeconds time, int count, char unit) {
    switch (unit) {
        case 'y':
            return add_months(time, 12 * count);
        case 'M':
            return add_months(time, count);
        case 'w':
            return time + days(7 * count);
        case 'd':
            return time + days(count);
        case 'h':
        case 'H':
            return time + std::chrono::hours(count);
        case 'm':
            return time + std::chrono::minutes(count);
        case 's':
            return time + std::chrono::seconds(count);
        default:
            throw BadDateMath(fmt::format("'{}' is no unit; there are y M w d h m s", unit));
    }
}

/// "now+1M/d".
UnixSeconds evaluate(std::string_view expression, UnixSeconds now) {
    constexpr std::string_view anchor = "now";
    constexpr int most = 100'000;
    if (!expression.starts_with(anchor)) {
        throw BadDateMath(fmt::format("'{}' does not begin with now", expression));
    }
    expression.remove_prefix(anchor.size());
    while (!expression.empty()) {
        const char sign = expression.front();
        expression.remove_prefix(1);
        if (sign == '/' && !expression.empty()) {
            now = round_down(now, expression.front());
            expression.remove_prefix(1);
            continue;
        }
        if (sign != '+' && sign != '-') {
            throw BadDateMath(fmt::format("'{}' is not + - or /", sign));
        }
        int count = 1;
        const auto [end, error] =
            std::from_chars(expression.data(), expression.data() + expression.size(), count);
        const auto digits = static_cast<std::size_t>(end - expression.data());
        if ((digits > 0 && error != std::errc{}) || count < 0 || count > most) {
            throw BadDateMath("a number is out of range");
        }
        count = digits == 0 ? 1 : count;
        expression.remove_prefix(digits);
        if (expression.empty()) {
            throw BadDateMath("a unit is missing at the end");
        }
        now = add(now, sign == '-' ? -count : count, expression.front());
        expression.remove_prefix(1);
    }
    return now;
}

std::string format_letters(char letter, std::size_t count, UnixSeconds time) {
    const sys_days date = std::chrono::floor<days>(time);
    const year_month_day calendar(date);
    const std::chrono::hh_mm_ss clock(time - date);
    std::int64_t number = 0;
    switch (letter) {
        case 'y':
        case 'u':
            number = static_cast<int>(calendar.year());
            if (count == 2) {
                number %= 100;
            }
            break;
        case 'M':
            number = static_cast<unsigned>(calendar.month());
            break;
        case 'd':
            number = static_cast<unsigned>(calendar.day());
            break;
        case 'D':
            number = (date - sys_days(calendar.year() / std::chrono::January / 1)).count() + 1;
            break;
        case 'H':
            number = clock.hours().count();
            break;
        case 'm':
            number = clock.minutes().count();
            break;
        case 's':
            number = clock.seconds().count();
            break;
        default:
            throw NeedsServer(fmt::format("the letter {} of a format is not known here", letter));
    }
    constexpr std::size_t longest = 9;
    if ((letter == 'M' && count > 2) || count > longest) {
        throw NeedsServer("names of months are not known here");
    }
    return fmt::format("{:0{}}", number, count);
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string format_by(std::string_view format, UnixSeconds time) {
    std::string text;
    for (std::size_t i = 0; i < format.size();) {
        const char c = format[i];
        if (c == '\'') {
            const std::size_t end = format.find('\'', i + 1);
            if (end == std::string_view::npos) {
                throw BadDateMath("a quote is not closed");
            }
            text += end == i + 1 ? "'" : std::string(format.substr(i + 1, end - i - 1));
            i = end + 1;
        } else if (is_letter(c)) {
            const std::size_t end = std::min(format.find_first_not_of(c, i), format.size());
            text += format_letters(c, end - i, time);
            i = end;
        } else {
            text += c;
            ++i;
        }
    }
    return text;
}

/// "UTC", "Z" or "+01:00".
std::chrono::minutes zone_offset(std::string_view zone) {
    if (zone == "UTC" || zone == "Z" || zone == "GMT") {
        return {};
    }
    constexpr std::size_t length = 6;
    const auto digit = [&](std::size_t at) { return zone[at] - '0'; };
    const bool good = zone.size() == length && (zone[0] == '+' || zone[0] == '-') &&
                      zone[3] == ':' &&
                      zone.substr(1).find_first_not_of("0123456789:") == std::string_view::npos;
    if (!good) {
        throw NeedsServer(fmt::format("the zone '{}' is not known here", zone));
    }
    const int minutes = (digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
    return std::chrono::minutes(zone[0] == '-' ? -minutes : minutes);
}

/// What stands between the braces: "now/d{yyyy.MM.dd|+01:00}".
std::string resolve_expression(std::string_view content, UnixSeconds now) {
    const std::size_t brace = content.find('{');
    const std::string_view expression = content.substr(0, brace);
    std::string_view format = usual_format;
    std::chrono::minutes offset{0};
    if (brace != std::string_view::npos) {
        if (!content.ends_with('}')) {
            throw BadDateMath("a format is not closed by }");
        }
        format = content.substr(brace + 1, content.size() - brace - 2);
        const std::size_t bar = format.find('|');
        if (bar != std::string_view::npos) {
            offset = zone_offset(format.substr(bar + 1));
            format = format.substr(0, bar);
        }
        if (format.empty()) {
            throw BadDateMath("a format is empty");
        }
    }
    // The server rounds by the calendar of the zone.
    return format_by(format, evaluate(expression, now + offset));
}

/// The place of the brace that closes the one before `begin`.
std::size_t closing_brace(std::string_view text, std::size_t begin) {
    int depth = 1;
    for (std::size_t i = begin; i < text.size(); ++i) {
        depth += text[i] == '{' ? 1 : 0;
        depth -= text[i] == '}' ? 1 : 0;
        if (depth == 0) {
            return i;
        }
    }
    throw BadDateMath("a brace is not closed");
}

std::string resolve(std::string_view text, UnixSeconds now) {
    if (!text.starts_with('<') || !text.ends_with('>') || text.size() < 3) {
        throw BadDateMath("date math stands between < and >");
    }
    text = text.substr(1, text.size() - 2);
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            name += text[++i];
        } else if (text[i] == '{') {
            const std::size_t end = closing_brace(text, i + 1);
            name += resolve_expression(text.substr(i + 1, end - i - 1), now);
            i = end;
        } else if (text[i] == '}') {
            throw BadDateMath("a brace closes nothing");
        } else {
            name += text[i];
        }
    }
    return name;
}

}  // namespace

ResolvedName resolve_name(std::string_view text, UnixSeconds now) {
    if (text.find('<') == std::string_view::npos) {
        return {.name = format_timestring(text, now)};
    }
    try {
        return {.name = resolve(text, now)};
    } catch (const NeedsServer& error) {  // the reason is this function's result
        return {.error = fmt::format("the name '{}': {}", text, error.what()),
                .needs_server = true};
    } catch (const BadDateMath& error) {
        return {.error = fmt::format("the name '{}': {}", text, error.what())};
    }
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/import_tmpreaper_model.hpp"

#include "common/text/shell_words.hpp"
#include "jobs/cleanup/age_text.hpp"
#include "jobs/cleanup/root_rules.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

/// NAME=VALUE lines as a shell reads them, without expansion.
std::map<std::string, std::string> read_assignments(std::string_view text) {
    std::map<std::string, std::string> values;
    while (!text.empty()) {
        const std::string line(take_line(text));
        const std::size_t equals = line.find('=');
        if (line.empty() || line.front() == '#' || equals == std::string::npos) {
            continue;
        }
        const auto words = split_shell_words(line.substr(equals + 1));
        values[line.substr(0, equals)] = words && !words->empty() ? words->front() : "";
    }
    return values;
}

std::vector<std::string> blank_separated(const std::string& text) {
    return split_shell_words(text).value_or(std::vector<std::string>{});
}

/// "7d", "12h"; a bare number is hours.
std::optional<std::chrono::milliseconds> parse_reaper_time(const std::string& text) {
    std::int64_t hours = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, hours);
    constexpr std::int64_t most = std::int64_t{1} << 30U;
    if (failure == std::errc{} && rest == end && hours >= 0 && hours <= most) {
        return std::chrono::hours(hours);
    }
    return parse_duration(text);
}

/// What the script that Debian starts it by spares in any case (tmpreaper 1.6.17,
/// /etc/cron.daily/tmpreaper).
constexpr std::array script_protects{"/tmp/.X*-{lock,unix,unix/*}",
                                     "/tmp/.ICE-{unix,unix/*}",
                                     "/tmp/.iroha_{unix,unix/*}",
                                     "/tmp/.ki2-{unix,unix/*}",
                                     "/tmp/lost+found",
                                     "/tmp/journal.dat",
                                     "/tmp/quota.{user,group}",
                                     "/tmp/systemd-private*/*"};

void take_protected(const std::string& pattern, ImportedRules& result) {
    if (!pattern.starts_with('/')) {
        result.remarks.push_back(
            fmt::format("The pattern {} is not absolute; put it into exclude.", pattern));
    } else if (const auto why = why_not_plain(pattern)) {
        result.remarks.push_back(fmt::format("The pattern {} {}.", pattern, *why));
    } else {
        result.protect.push_back(pattern);
    }
}

void take_reaper_options(const std::vector<std::string>& options,
                         ImportedRule& rule,
                         ImportedRules& result) {
    constexpr std::string_view protect = "--protect";
    for (std::size_t i = 0; i < options.size(); ++i) {
        const std::string& option = options[i];
        if (option == protect && i + 1 < options.size()) {
            take_protected(options[++i], result);
        } else if (option.starts_with(protect) && option.substr(protect.size()).starts_with('=')) {
            take_protected(option.substr(protect.size() + 1), result);
        } else if (option == "--all" || option == "-a") {
            rule.types = {"file", "symlink", "fifo", "socket"};
        } else if (option == "--mtime" || option == "-m") {
            rule.age_by = "newest";
        } else if (option != "--ctime" && option != "-c" && option != "--symlinks" &&
                   option != "-s" && option != "--mtime-dir" && option != "-M") {
            result.remarks.push_back(fmt::format("The option {} has no counterpart.", option));
        }
    }
}

}  // namespace

ImportedRules import_tmpreaper(std::string_view text) {
    ImportedRules result;
    auto values = read_assignments(text);
    const auto value = [&](const char* name, const char* fallback) {
        const auto found = values.find(name);
        return found == values.end() ? std::string(fallback) : found->second;
    };
    ImportedRule rule{.name = "tmpreaper", .types = {"file", "symlink"}};
    for (std::string directory : blank_separated(value("TMPREAPER_DIRS", "/tmp/."))) {
        while (directory.ends_with("/.") || (directory.size() > 1 && directory.ends_with('/'))) {
            directory.resize(directory.rfind('/'));
        }
        if (const auto why = why_root_refused(directory, false, {})) {
            result.remarks.push_back(fmt::format("The directory {} {}.", directory, *why));
        } else {
            rule.roots.push_back(std::move(directory));
        }
    }
    const std::string time = value("TMPREAPER_TIME", "7d");
    if (const auto age = parse_reaper_time(time)) {
        rule.older_than = limit_of(*age);
    } else {
        result.remarks.push_back(fmt::format("TMPREAPER_TIME '{}' is no time.", time));
    }
    for (const char* const pattern : script_protects) {
        result.protect.emplace_back(pattern);
    }
    for (const std::string& pattern : blank_separated(value("TMPREAPER_PROTECT_EXTRA", ""))) {
        take_protected(pattern, result);
    }
    take_reaper_options(blank_separated(value("TMPREAPER_ADDITIONALOPTIONS", "")), rule, result);
    if (rule.age_by.empty()) {
        rule.age_by = "newest";
        result.remarks.emplace_back(
            "Debian's script goes by the later one of atime and ctime; age_by: newest goes by "
            "mtime "
            "and ctime, so that what was read lately is not kept for that alone.");
    }
    if (value("SHOWWARNING", "") == "true" || value("RUNFROMCRON", "") != "true") {
        result.remarks.emplace_back(
            "With SHOWWARNING=true, or without RUNFROMCRON=true, Debian's script never ran it: "
            "nothing was deleted there so far.");
    }
    if (!rule.older_than.empty() && !rule.roots.empty()) {
        result.rules.push_back(std::move(rule));
    }
    return result;
}

}  // namespace caretaker

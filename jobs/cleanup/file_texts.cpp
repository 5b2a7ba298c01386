// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_texts.hpp"

#include "common/text/bytes.hpp"
#include "jobs/cleanup/age_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string_view>

namespace caretaker {

namespace {

std::string age_words(std::int64_t time, std::int64_t now) {
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::nanoseconds(std::max<std::int64_t>(now - time, 0)));
    return format_duration(age) + " old";
}

std::string_view group_words(GroupBy by) {
    switch (by) {
        case GroupBy::dir:
            return "its directory";
        case GroupBy::root:
            return "its root";
        case GroupBy::rule:
            break;
    }
    return "the rule";
}

/// What makes the rule take something, for many entries at once.
std::string limits_of(const FileRule& rule) {
    std::string words;
    const auto add = [&](const std::string& text) { words += (words.empty() ? "" : ", ") + text; };
    if (rule.older_than) {
        add("older than " + format_age(*rule.older_than));
    }
    if (rule.max_total_size) {
        add("beyond " + format_exact_bytes(*rule.max_total_size));
    }
    if (rule.free_space) {
        add(fmt::format("for {:g} % free space", rule.free_space->high));
    }
    if (rule.free_inodes) {
        add(fmt::format("for {:g} % free inodes", rule.free_inodes->high));
    }
    if (rule.only_empties) {
        add("larger than " + format_exact_bytes(rule.truncate_over));
    }
    if (rule.keep_newest > 0) {
        add(fmt::format("not the newest {} of {}", rule.keep_newest, group_words(rule.group_by)));
    }
    return words;
}

std::string reason_by_verdict(const FileRule& rule, const TreeEntry& entry, std::int64_t now) {
    const std::string age = age_words(entry.time, now);
    switch (entry.verdict) {
        case EntryVerdict::by_age:
            return fmt::format("{}, older than {}", age, format_age(*rule.older_than));
        case EntryVerdict::by_number:
            return fmt::format("{}, not one of the newest {} of {}",
                               age,
                               rule.keep_newest,
                               group_words(rule.group_by));
        case EntryVerdict::by_budget:
            return fmt::format("{}, the rule may take {}", age, format_bytes(*rule.max_total_size));
        case EntryVerdict::by_pressure:
            return fmt::format("{}, the disk had less than {}", age, pressure_words(rule));
        case EntryVerdict::emptied:
            return fmt::format("{}, larger than {}, and what has it open appends to it: emptied",
                               age,
                               format_bytes(rule.truncate_over));
        case EntryVerdict::young:
            return fmt::format("young: {}, under {}", age, format_age(rule.min_age));
        case EntryVerdict::newest:
            return fmt::format(
                "one of the newest {} of {}", rule.keep_newest, group_words(rule.group_by));
        case EntryVerdict::other_rule:
            return "an earlier rule takes it";
        case EntryVerdict::in_use:
            return "a process has it open";
        case EntryVerdict::use_unknown:
            return "whether a process has it open cannot be told";
        case EntryVerdict::unwritten:
            return "no process has it open";
        case EntryVerdict::immutable:
            return "immutable or append-only, it or its directory";
        case EntryVerdict::held:
            return "something in it must stay";
        case EntryVerdict::by_size:
            return fmt::format("{}, larger than {}", age, format_bytes(rule.truncate_over));
        case EntryVerdict::stays:
        case EntryVerdict::empty_directory:
            break;
    }
    if (rule.older_than) {
        return fmt::format("young: {}, under {}", age, format_age(*rule.older_than));
    }
    return "no limit asks for it";
}

}  // namespace

std::string reason_of(const FileRule& rule, const TreeEntry& entry, std::int64_t now) {
    std::string reason = reason_by_verdict(rule, entry, now);
    if (is_taken(entry.verdict) && entry.frees_nothing) {
        reason += entry.links > 1 ? "; frees nothing, it has further links"
                                  : "; frees nothing, a process has it open";
    }
    return reason;
}

std::string pressure_words(const FileRule& rule) {
    const auto share = [](const FreeSpaceLimits& limits, std::string_view of) {
        return fmt::format("{:g} % free {}", limits.low, of);
    };
    if (rule.free_space && rule.free_inodes) {
        return fmt::format(
            "{} or {}", share(*rule.free_space, "space"), share(*rule.free_inodes, "inodes"));
    }
    return rule.free_space ? share(*rule.free_space, "space") : share(*rule.free_inodes, "inodes");
}

std::string reason_of(const TreeDirectory& directory, std::int64_t now) {
    return fmt::format("empty, {}", age_words(directory.mtime, now));
}

std::string reason_of_many(const FileRule& rule, std::size_t entries, bool of_directories) {
    return of_directories
               ? fmt::format("{} empty directories, rule {}", entries, rule.name)
               : fmt::format("{} entries, {}, rule {}", entries, limits_of(rule), rule.name);
}

std::string describe_result(Result result, std::uint8_t error) {
    switch (result) {
        case Result::none:
            return "planned";
        case Result::done:
            return "done";
        case Result::gone:
            return "gone";
        case Result::changed:
            return error == EWOULDBLOCK ? "changed: another process holds a lock on its directory"
                                        : "changed";
        case Result::failed:
            break;
    }
    return "failed: " + describe_errno(error);
}

std::int64_t freed_bytes(const TreeEntry& entry) {
    return entry.frees_nothing ? 0 : static_cast<std::int64_t>(entry.allocated);
}

}  // namespace caretaker

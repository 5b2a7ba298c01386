// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/saved_plan.hpp"

#include "common/base/error.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_view.hpp"
#include "common/text/byte_escape.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

constexpr auto longest_life = std::chrono::hours(24);

std::string key_of(const PlannedThing& thing) {
    return fmt::format("{} {} {} {} {} {} {} {} {}",
                       thing.kind,
                       thing.rule,
                       thing.device,
                       thing.inode,
                       thing.size,
                       thing.mtime,
                       thing.ctime,
                       thing.object,
                       thing.path);
}

/// Large ones stand as text; missing ones are 0.
std::int64_t integer_of(const JsonView& row, std::string_view name) {
    const auto value = row.find(name);
    if (!value || !value->is_text()) {
        return value ? value->integer() : 0;
    }
    const std::string_view text = value->text();
    const char* const end = text.data() + text.size();
    std::int64_t number = 0;
    const auto [rest, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc{} || rest != end) {
        value->fail("is no whole number");
    }
    return number;
}

/// Empty where there is none.
std::string text_of(const JsonView& row, std::string_view name) {
    const auto value = row.find(name);
    return value ? std::string(value->text()) : std::string();
}

std::uint64_t unsigned_of(const JsonView& row, std::string_view name) {
    return static_cast<std::uint64_t>(integer_of(row, name));
}

void check_origin(const JsonView& run,
                  const std::string& what,
                  const std::string& host,
                  WallTime now) {
    if (run.at("job").text() != "cleanup" || !run.at("dry_run").flag()) {
        throw UsageError(
            fmt::format("{} is no plan; make one by 'caretaker cleanup --dry-run -o json'", what));
    }
    if (run.at("host").text() != host) {
        throw UsageError(fmt::format(
            "{} was made on {}, and this is {}; make one here", what, run.at("host").text(), host));
    }
    const auto made = parse_rfc3339(run.at("started_at").text());
    if (!made || *made > now || now - *made >= longest_life) {
        throw UsageError(
            fmt::format("{} was not made within the last 24 hours; make it anew", what));
    }
}

}  // namespace

SavedPlan SavedPlan::parse(std::string_view text,
                           const std::string& what,
                           const std::string& host,
                           WallTime now) {
    try {
        const JsonDocument document =
            JsonDocument::parse(text, what, "make it by 'caretaker cleanup --dry-run -o json'");
        check_origin(document.root().at("run"), what, host, now);
        SavedPlan plan;
        for (const JsonView& row : document.root().at("rows").elements()) {
            const auto path = unescape_bytes(row.at("escaped_path").text());
            if (!path) {
                row.at("escaped_path").fail("is no escaped path");
            }
            plan.add({.part = text_of(row, "part"),
                      .kind = std::string(row.at("kind").text()),
                      .rule = std::string(row.at("rule").text()),
                      .path = *path,
                      .object = text_of(row, "object"),
                      .device = unsigned_of(row, "device"),
                      .inode = unsigned_of(row, "inode"),
                      .size = unsigned_of(row, "size"),
                      .mtime = integer_of(row, "mtime_ns"),
                      .ctime = integer_of(row, "ctime_ns")});
        }
        return plan;
    } catch (const JsonError& error) {  // what a user hands in is the user's mistake
        throw UsageError(error.what());
    }
}

void SavedPlan::add(SavedThing thing) {
    indices_.emplace(key_of({.kind = thing.kind,
                             .rule = thing.rule,
                             .path = thing.path,
                             .object = thing.object,
                             .device = thing.device,
                             .inode = thing.inode,
                             .size = thing.size,
                             .mtime = thing.mtime,
                             .ctime = thing.ctime}),
                     things_.size());
    things_.push_back(std::move(thing));
}

std::optional<std::size_t> SavedPlan::find(const PlannedThing& thing) const {
    const auto found = indices_.find(key_of(thing));
    return found == indices_.end() ? std::nullopt : std::optional(found->second);
}

PlannedRow row_of(const Strayed& strayed) {
    const SavedThing& thing = strayed.thing;
    return {.part = thing.part,
            .rule = thing.rule,
            .kind = thing.kind,
            .path = thing.path,
            .object = thing.object,
            .reason = strayed.reason.empty() ? "of the saved plan, not of the one made now"
                                             : strayed.reason,
            .result = !strayed.reason.empty() ? "skipped"
                      : strayed.is_gone       ? "gone"
                                              : "changed",
            .device = thing.device,
            .inode = thing.inode,
            .size = static_cast<std::int64_t>(thing.size),
            .mtime = thing.mtime,
            .ctime = thing.ctime};
}

}  // namespace caretaker

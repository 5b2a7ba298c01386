// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/store_check.hpp"

#include "common/base/run_info.hpp"
#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace caretaker {

namespace {

constexpr std::uint64_t little_space = std::uint64_t{64} << 20U;

CheckRow judge_access(const StoreHealth& health) {
    CheckRow row{.check = "store",
                 .subject = health.path,
                 .found = fmt::format("{}, schema version {}",
                                      health.writable ? "writable" : "readable, not writable",
                                      health.schema_version)};
    if (!health.writable) {
        row.state = CheckState::failed;
        row.advice =
            "let the user of the jobs write the file and its directory, or ask as that user: a run "
            "leaves no record, and one that changes things ends in 9";
    }
    return row;
}

CheckRow judge_file_system(const StoreHealth& health) {
    CheckRow row{
        .check = "store file system",
        .subject = health.path,
        .found = fmt::format("{}, journal mode {}", health.file_system, health.journal_mode)};
    if (!health.file_system_warning.empty()) {
        row.state = CheckState::warning;
        row.advice = health.file_system_warning;
    }
    return row;
}

CheckRow judge_space(const StoreHealth& health, std::uint64_t max_bytes) {
    CheckRow row{.check = "store space", .subject = health.path};
    if (!health.free_bytes) {
        row.state = CheckState::skipped;
        row.found = "the file system does not tell";
        return row;
    }
    row.found = fmt::format("{} used of {}, {} free on the disk",
                            format_bytes(health.bytes),
                            format_bytes(max_bytes),
                            format_bytes(*health.free_bytes));
    const std::uint64_t may_grow = max_bytes > health.bytes ? max_bytes - health.bytes : 0;
    if (*health.free_bytes < little_space) {
        row.state = CheckState::failed;
        row.advice = "make room on the disk: a full one keeps runs from being recorded";
    } else if (health.bytes > max_bytes / 10 * 9) {
        row.state = CheckState::warning;
        row.advice = "raise store.max_bytes, or keep less";
    } else if (*health.free_bytes < may_grow) {
        row.state = CheckState::warning;
        row.advice = "lower store.max_bytes below what the disk has left";
    }
    return row;
}

CheckRow judge_integrity(const StoreHealth& health) {
    CheckRow row{.check = "store integrity", .subject = health.path, .found = health.quick_check};
    if (health.quick_check.empty()) {
        row.found = "no fault in the part that could be checked in time";
    } else if (health.quick_check != "ok") {
        row.state = CheckState::failed;
        row.advice = "`caretaker store reset` puts it aside; the next run begins a new one";
    }
    return row;
}

CheckRow judge_run(const RunUnderWay& run, std::string_view host, WallTime now) {
    const std::string age = format_duration(
        std::max(std::chrono::milliseconds(0), std::chrono::milliseconds(now - run.started_at)));
    CheckRow row{
        .check = "lock",
        .subject = run.target.empty() ? run.job : run.job + " " + run.target,
        .found = fmt::format("held by run {} on {} for {}", short_run_id(run.uid), run.host, age)};
    if (run.has_process) {
        return row;
    }
    if (run.host != host) {
        row.state = CheckState::skipped;
        row.found = fmt::format("run {} began {} ago on {}, which cannot be seen from here",
                                short_run_id(run.uid),
                                age,
                                run.host);
        return row;
    }
    row.state = CheckState::warning;
    row.found =
        fmt::format("free, but run {} of {} ago ended without a word", short_run_id(run.uid), age);
    row.advice = "nothing: the next run marks it as lost";
    return row;
}

}  // namespace

CheckRows judge_store(const StoreHealth& health, std::uint64_t max_bytes) {
    return {judge_access(health),
            judge_file_system(health),
            judge_space(health, max_bytes),
            judge_integrity(health)};
}

CheckRows judge_locks(std::span<const RunUnderWay> runs, std::string_view host, WallTime now) {
    CheckRows rows;
    for (const RunUnderWay& run : runs) {
        rows.push_back(judge_run(run, host, now));
    }
    if (rows.empty()) {
        rows.push_back({.check = "lock", .subject = "all jobs", .found = "no run is under way"});
    }
    return rows;
}

}  // namespace caretaker

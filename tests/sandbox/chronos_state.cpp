// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/chronos_state.hpp"

#include "tests/sandbox/chronos_job.hpp"
#include "tests/sandbox/version_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>

namespace caretaker::sandbox {

bool ChronosVersion::since(int wanted_major, int wanted_minor, int wanted_patch) const {
    return std::tie(major, minor, patch) >= std::tie(wanted_major, wanted_minor, wanted_patch);
}

std::optional<ChronosVersion> parse_chronos_version(std::string_view text) {
    const auto numbers = parse_version_numbers(text, 2);
    return numbers ? std::optional(ChronosVersion{(*numbers)[0], (*numbers)[1], (*numbers)[2]})
                   : std::nullopt;
}

std::string_view FakeChronosJob::last_result() const {
    const auto text = [&](const char* name) {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string(R"("")") : found->second;
    };
    const std::string success = text("lastSuccess");
    const std::string error = text("lastError");
    if (success == R"("")" && error == R"("")") {
        return "fresh";
    }
    return success >= error ? "success" : "failure";
}

bool ChronosState::is_listed(const std::string& name) const {
    const auto found = jobs.find(name);
    if (found == jobs.end()) {
        return false;
    }
    if (!version.since(3)) {
        return true;
    }
    return found->second.stored_ms + listing_delay_ms <= now_ms &&
           std::ranges::all_of(found->second.parents,
                               [&](const std::string& parent) { return jobs.contains(parent); });
}

bool ChronosState::has_cycle() const {
    std::set<std::string> done;
    std::set<std::string> above;
    const std::function<bool(const std::string&)> finds = [&](const std::string& name) {
        const auto found = jobs.find(name);
        if (found == jobs.end() || done.contains(name)) {
            return false;
        }
        if (!above.insert(name).second) {
            return true;
        }
        const bool is_found = std::ranges::any_of(found->second.parents, finds);
        above.erase(name);
        done.insert(name);
        return is_found;
    };
    return std::ranges::any_of(jobs, [&](const auto& job) { return finds(job.first); });
}

void fill_demo_jobs(ChronosState& state) {
    const auto add =
        [&](const std::string& name, ChronosFields more, std::vector<std::string> parents) {
            FakeChronosJob job{.fields = default_chronos_fields(state.version),
                               .parents = std::move(parents)};
            job.fields["name"] = fmt::format(R"("{}")", name);
            job.fields["command"] = fmt::format(R"("caretaker {}")", name);
            if (job.parents.empty()) {
                job.fields["schedule"] = R"("R/2026-01-01T02:00:00.000Z/PT24H")";
                job.fields["scheduleTimeZone"] = R"("")";
            }
            for (auto& [field, value] : more) {
                job.fields[field] = std::move(value);
            }
            state.jobs[name] = std::move(job);
        };
    add("rotate", {{"successCount", "40"}, {"lastSuccess", R"("2026-11-21T02:00:40.000Z")"}}, {});
    add("lag", {{"schedule", R"("R/2026-01-01T00:00:00.000Z/PT5M")"}}, {});
    add("report",
        {{"successCount", "39"}, {"lastSuccess", R"("2026-11-21T02:03:00.000Z")"}},
        {"rotate"});
    add("cleanup-old",
        {{"errorCount", "3"},
         {"errorsSinceLastSuccess", "3"},
         {"lastError", R"("2026-11-21T02:10:00.000Z")"}},
        {});
    add("one-shot",
        {{"schedule", R"("R0/2026-05-01T00:00:00.000Z/PT24H")"}, {"disabled", "true"}},
        {});
}

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
// The jobs of a fake Chronos, as its versions store them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// 2.3, 2.4, 2.5, 3.0.0 to 3.0.2.
struct ChronosVersion {
    int major = 2;
    int minor = 5;
    int patch = 0;

    [[nodiscard]] bool since(int wanted_major, int wanted_minor = 0, int wanted_patch = 0) const;
};

/// "2.5.0", "3.0.2"; nothing for what is none.
std::optional<ChronosVersion> parse_chronos_version(std::string_view text);

/// Members of a job, each as JSON.
using ChronosFields = std::map<std::string, std::string>;

struct FakeChronosJob {
    ChronosFields fields{};
    std::vector<std::string> parents{};  // names; none: it has a schedule
    std::int64_t stored_ms = 0;
    std::string state{"idle"};  // idle, queued, running

    /// fresh, success or failure, by its counters.
    [[nodiscard]] std::string_view last_result() const;
};

struct ChronosState {
    ChronosVersion version{};
    std::int64_t now_ms = 0;
    /// From 3.0 on a job shows in lists when the scheduler has loaded it anew.
    std::int64_t listing_delay_ms = 500;
    bool has_leader = true;
    bool is_dead = false;  // the process has ended: it found a cycle
    std::map<std::string, FakeChronosJob> jobs{};
    std::vector<std::string> started{};  // jobs that were asked to run, in order
    std::vector<std::string> killed{};

    /// Whether lists show it: old enough, and its parents are there.
    [[nodiscard]] bool is_listed(const std::string& name) const;

    /// Whether some job is its own ancestor.
    [[nodiscard]] bool has_cycle() const;
};

/// A platform's jobs: regular ones, some that depend on others, one that failed, one disabled.
void fill_demo_jobs(ChronosState& state);

}  // namespace caretaker::sandbox

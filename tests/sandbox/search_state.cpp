// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_state.hpp"

#include "tests/sandbox/version_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <tuple>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t mib = 1 << 20;

std::string format_day(std::int64_t time_ms) {
    using namespace std::chrono;
    const year_month_day date{floor<days>(sys_time<milliseconds>(milliseconds(time_ms)))};
    return fmt::format("{:04}.{:02}.{:02}",
                       static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

}  // namespace

bool SearchVersion::is_at_least(int wanted_major, int wanted_minor) const {
    return is_opensearch || std::tie(major, minor) >= std::tie(wanted_major, wanted_minor);
}

std::string SearchVersion::number() const {
    return fmt::format("{}.{}.{}", major, minor, patch);
}

std::optional<SearchVersion> parse_search_version(std::string_view text) {
    SearchVersion version;
    constexpr std::string_view opensearch = "opensearch-";
    constexpr std::string_view elasticsearch = "elasticsearch-";
    if (text.starts_with(opensearch)) {
        text.remove_prefix(opensearch.size());
    } else if (text.starts_with(elasticsearch)) {
        text.remove_prefix(elasticsearch.size());
        version.is_opensearch = false;
    } else {
        return std::nullopt;
    }
    const auto numbers = parse_version_numbers(text, 1);
    if (!numbers) {
        return std::nullopt;
    }
    version.major = (*numbers)[0];
    version.minor = (*numbers)[1];
    version.patch = (*numbers)[2];
    return version;
}

FakeIndex& SearchState::add(const std::string& name) {
    FakeIndex& index = indices[name];
    index.uuid = fmt::format("uuid-{:017}", ++made);
    index.created_ms = now_ms;
    return index;
}

std::vector<FakeCopy> SearchState::copies(const FakeIndex& index) const {
    std::vector<std::string> holders;
    for (const FakeNode& node : nodes) {
        if (std::ranges::any_of(node.roles,
                                [](const std::string& role) { return role.starts_with("data"); })) {
            holders.push_back(node.name);
        }
    }
    // One copy of each shard moves to the node required; the others stay where they can be.
    const auto required = index.settings.find("index.routing.allocation.require._name");
    const auto first = required == index.settings.end()
                           ? holders.end()
                           : std::ranges::find(holders, required->second);
    const bool is_required = first != holders.end();
    if (is_required) {
        std::rotate(holders.begin(), first, holders.end());
    }
    std::vector<FakeCopy> all;
    for (int shard = 0; shard < index.shards; ++shard) {
        for (int copy = 0; copy <= index.replicas; ++copy) {
            const bool is_placed = static_cast<std::size_t>(copy) < holders.size();
            const auto place = static_cast<std::size_t>(is_required ? copy : shard + copy);
            all.push_back({.shard = shard,
                           .is_primary = copy == 0,
                           .node = is_placed ? holders[place % holders.size()] : std::string(),
                           .bytes = index.bytes / index.shards});
        }
    }
    return all;
}

std::int64_t SearchState::used_bytes(const FakeNode& node) const {
    std::int64_t used = node.other_bytes;
    for (const auto& [name, index] : indices) {
        for (const FakeCopy& copy : copies(index)) {
            used += copy.node == node.name ? copy.bytes : 0;
        }
    }
    return used;
}

void fill_demo_indices(SearchState& state, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    state.cluster_uuid = fmt::format("{:A>22}", seed);
    const auto add =
        [&](const std::string& name, int age_days, std::int64_t size_mib) -> FakeIndex& {
        FakeIndex& index = state.add(name);
        index.created_ms = state.now_ms - age_days * day_ms;
        index.replicas = 1;
        index.bytes = (size_mib + static_cast<std::int64_t>(random() % 100)) * mib;
        index.docs = index.bytes / 700;
        index.segments = 2 * (3 + static_cast<std::int64_t>(random() % 20));
        return index;
    };
    constexpr std::int64_t tib = std::int64_t{1} << 40U;
    for (FakeNode& node : state.nodes) {
        node.total_bytes = 3 * tib;
    }
    constexpr int days_of_logs = 40;
    for (int age = 0; age < days_of_logs; ++age) {
        const std::string day = format_day(state.now_ms - age * day_ms);
        add("logs-app-" + day, age, 40'000).shards = 3;
        add("logs-nginx-" + day, age, 12'000);
        if (age % 10 == 5) {
            add("logs-batch-" + day, age, 900).is_open = false;
        }
    }
    state.indices["logs-app-" + format_day(state.now_ms - 8 * day_ms)].aliases["last-week"] = {};
    add("audit-000001", 70, 30'000).aliases["audit"] = false;
    add("audit-000002", 35, 31'000).aliases["audit"] = false;
    add("audit-000003", 4, 9'000).aliases["audit"] = true;
    add(".kibana_1", 300, 1);
    add(".ds-metrics-000001", 20, 5'000).is_hidden = true;
    add(".ds-metrics-000002", 2, 700).is_hidden = true;
    state.streams["metrics"] = {".ds-metrics-000001", ".ds-metrics-000002"};
    state.repositories["backup"]["nightly-1"] = {.indices = {"audit-000001"},
                                                 .started_ms = state.now_ms - 50 * day_ms};
}

}  // namespace caretaker::sandbox

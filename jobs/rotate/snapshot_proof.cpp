// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/snapshot_proof.hpp"

#include "jobs/rotate/list_age.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::days;
using std::chrono::seconds;

/// How long the time lasts that a form names: by its finest code.
seconds named_span(std::string_view form) {
    constexpr std::array<std::pair<std::string_view, seconds>, 5> spans{{
        {"S", seconds(1)},
        {"M", seconds(60)},
        {"H", seconds(3'600)},
        {"dj", days(1)},
        {"WUV", days(7)},
    }};
    for (const auto& [codes, span] : spans) {
        for (const char code : codes) {
            if (form.find(std::string{'%', code}) != std::string_view::npos) {
                return span;
            }
        }
    }
    return form.find("%m") != std::string_view::npos ? days(31) : days(366);
}

/// When the time in the name is over, by the first filter that reads one.
std::optional<std::int64_t> end_of_named_time(const IndexFacts& index,
                                              std::span<const FilterSpec> filters) {
    for (const FilterSpec& filter : filters) {
        if (filter.options.text("source") != "name" || !filter.options.is_given("timestring")) {
            continue;
        }
        const ListAge age = AgeReader(filter.options).read(index);
        if (age.seconds) {
            return *age.seconds + named_span(filter.options.text("timestring")).count();
        }
    }
    return std::nullopt;
}

}  // namespace

SnapshotProofs::SnapshotProofs(std::chrono::seconds grace, std::span<const IndexFacts> indices)
    : grace_(grace) {
    for (const IndexFacts& index : indices) {
        for (const AliasOfIndex& alias : index.rare->aliases) {
            if (alias.is_write_index.value_or(false) && index.created_ms) {
                written_.emplace(alias.name,
                                 WriteIndex{std::string(index.name), *index.created_ms});
            }
        }
    }
}

/// Whether writes by its alias went to a newer index when the snapshot began.
bool SnapshotProofs::was_rolled_over(const IndexFacts& index, const SnapshotProof& proof) const {
    const auto& aliases = index.rare->aliases;
    const bool is_written = std::ranges::any_of(
        aliases, [](const AliasOfIndex& alias) { return alias.is_write_index.value_or(false); });
    return !is_written && std::ranges::any_of(aliases, [&](const AliasOfIndex& alias) {
        const auto written = written_.find(alias.name);
        return !alias.is_write_index.value_or(true) && written != written_.end() &&
               written->second.name != index.name &&
               written->second.created_ms >= index.created_ms.value_or(0) &&
               written->second.created_ms <= proof.started_ms;
    });
}

void SnapshotProofs::add(std::string_view repository,
                         const IndexFacts& snapshot,
                         const SnapshotContents& contents,
                         std::span<const IndexFacts> indices) {
    const bool is_whole = snapshot.rare->snapshot_state == "SUCCESS";
    if ((!is_whole && snapshot.rare->snapshot_state != "PARTIAL") || !snapshot.created_ms) {
        return;
    }
    for (const std::string& name : contents.indices) {
        if (!is_whole && std::ranges::binary_search(contents.failed, name)) {
            continue;
        }
        const auto found =
            std::ranges::lower_bound(indices, std::string_view(name), {}, &IndexFacts::name);
        if (found == indices.end() || found->name != name) {
            continue;
        }
        SnapshotProof& proof = by_index_[name];
        if (proof.snapshot.empty() || proof.started_ms < *snapshot.created_ms) {
            proof = {std::string(repository), std::string(snapshot.name), *snapshot.created_ms};
        }
    }
}

std::string SnapshotProofs::why_unproven(const IndexFacts& index,
                                         std::span<const FilterSpec> filters) const {
    const auto found = by_index_.find(index.name);
    if (found == by_index_.end()) {
        return "no snapshot holds it whole";
    }
    const SnapshotProof& proof = found->second;
    const std::string which = fmt::format("{}/{}", proof.repository, proof.snapshot);
    if (!index.created_ms || proof.started_ms < *index.created_ms) {
        return fmt::format("the snapshot {} is older than the index", which);
    }
    if (was_rolled_over(index, proof)) {
        return {};
    }
    const auto end = end_of_named_time(index, filters);
    if (!end) {
        // Since when it is closed or blocked no server tells.
        if (!index.is_open || index.is_write_blocked) {
            return {};
        }
        return fmt::format("it can still be written to, so the snapshot {} may lack something",
                           which);
    }
    if (proof.started_ms < (*end + grace_.count()) * 1000) {
        return fmt::format("the snapshot {} began before the time in its name was over", which);
    }
    return {};
}

}  // namespace caretaker

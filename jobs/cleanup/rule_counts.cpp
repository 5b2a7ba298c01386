// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/rule_counts.hpp"

#include "jobs/cleanup/file_texts.hpp"

namespace caretaker {

namespace {

void add(Result result, std::int64_t bytes, TakenCounts& counts) {
    ++counts.planned;
    counts.done += is_away(result) ? 1 : 0;
    counts.failed += result == Result::failed ? 1 : 0;
    counts.changed += result == Result::changed ? 1 : 0;
    counts.bytes_planned += bytes;
    counts.bytes_done += result == Result::done ? bytes : 0;
}

}  // namespace

TakenCounts& TakenCounts::operator+=(const TakenCounts& more) {
    planned += more.planned;
    done += more.done;
    failed += more.failed;
    changed += more.changed;
    bytes_planned += more.bytes_planned;
    bytes_done += more.bytes_done;
    return *this;
}

TakenCounts count_taken(const RuleWork& work, Round round) {
    const FileSelection& taken = work.taken_in(round);
    TakenCounts counts;
    for (const std::uint32_t index : taken.entries) {
        const TreeEntry& entry = work.tree.entries[index];
        add(entry.result, freed_bytes(entry), counts);
        if (work.rule.takes_trees && entry.result == Result::failed) {
            counts.bytes_done += static_cast<std::int64_t>(work.units[index].freed);
        }
    }
    for (const std::uint32_t index : taken.directories) {
        add(work.tree.directories[index].result, 0, counts);
    }
    return counts;
}

TakenCounts count_strayed(std::span<const Strayed> strayed, std::string_view rule) {
    TakenCounts counts;
    for (const Strayed& one : strayed) {
        if (one.thing.rule == rule) {
            add(one.is_gone ? Result::gone : Result::changed, 0, counts);
        }
    }
    return counts;
}

StayCounts& StayCounts::operator+=(const StayCounts& more) {
    in_use += more.in_use;
    use_unknown += more.use_unknown;
    immutable += more.immutable;
    held += more.held;
    return *this;
}

StayCounts count_stays(const RuleWork& work) {
    StayCounts counts;
    for (const TreeEntry& entry : work.tree.entries) {
        const EntryVerdict why = entry.verdict;
        counts.in_use += why == EntryVerdict::in_use ? 1 : 0;
        counts.use_unknown += why == EntryVerdict::use_unknown ? 1 : 0;
        counts.immutable += why == EntryVerdict::immutable ? 1 : 0;
        counts.held += why == EntryVerdict::held ? 1 : 0;
    }
    return counts;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/list_report.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace caretaker {

namespace {

Cell created_cell(const IndexFacts& facts) {
    return facts.created_ms ? Cell(WallTime(std::chrono::milliseconds(*facts.created_ms))) : Cell();
}

Cell size_cell(const IndexFacts& facts) {
    return facts.total_bytes ? Cell(format_bytes(static_cast<std::uint64_t>(
                                   std::max<std::int64_t>(*facts.total_bytes, 0))))
                             : Cell();
}

const std::array<ItemColumn<IndexFacts>, 9> index_columns{{
    {text_column("index", "INDEX"),
     [](const IndexFacts& one) -> Cell { return std::string(one.name); }},
    {text_column("status", "STATUS"),
     [](const IndexFacts& one) -> Cell { return std::string(one.is_open ? "open" : "closed"); }},
    {number_column("size", "SIZE"), size_cell},
    {number_column("docs", "DOCS"),
     [](const IndexFacts& one) { return known<std::int64_t>(one.docs); }},
    {number_column("shards", "SHARDS"),
     [](const IndexFacts& one) -> Cell { return std::int64_t{one.shards}; }},
    {number_column("replicas", "REPLICAS"),
     [](const IndexFacts& one) -> Cell { return std::int64_t{one.replicas}; }},
    {text_column("created", "CREATED"), created_cell},
    {machine_column("uuid"), [](const IndexFacts& one) { return non_empty(one.uuid); }},
    {machine_column("bytes"),
     [](const IndexFacts& one) { return known<std::int64_t>(one.total_bytes); }},
}};

const std::array<ItemColumn<IndexFacts>, 3> snapshot_columns{{
    {text_column("snapshot", "SNAPSHOT"),
     [](const IndexFacts& one) -> Cell { return std::string(one.name); }},
    {text_column("state", "STATE"),
     [](const IndexFacts& one) { return non_empty(one.rare->snapshot_state); }},
    {text_column("started", "STARTED"), created_cell},
}};

}  // namespace

Report report_indices(std::span<const IndexFacts> indices) {
    return {
        .summary = fmt::format("{} {}", indices.size(), indices.size() == 1 ? "index" : "indices"),
        .table = make_table(
            std::string(), std::span<const ItemColumn<IndexFacts>>(index_columns), indices),
        .items_seen = static_cast<std::int64_t>(indices.size())};
}

Report report_snapshots(std::span<const IndexFacts> snapshots) {
    return {
        .summary = fmt::format(
            "{} {}", snapshots.size(), snapshots.size() == 1 ? "snapshot" : "snapshots"),
        .table = make_table(
            std::string(), std::span<const ItemColumn<IndexFacts>>(snapshot_columns), snapshots),
        .items_seen = static_cast<std::int64_t>(snapshots.size())};
}

}  // namespace caretaker

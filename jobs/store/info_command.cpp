// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/info_command.hpp"

#include "common/base/field_table.hpp"
#include "common/base/table_columns.hpp"
#include "common/text/bytes.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/store/store_opening.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace caretaker {

namespace {

constexpr std::chrono::seconds counting_time{10};

Cell size_cell(std::uint64_t bytes) {
    return static_cast<std::int64_t>(bytes);
}

Cell rows_of(const StoreInfo& info, const std::string& table) {
    const auto found = std::ranges::find(info.facts.counts, table, &TableCount::table);
    return found == info.facts.counts.end() ? Cell() : known(found->rows);
}

const std::vector<ItemColumn<StoreInfo>>& info_columns() {
    using Info = StoreInfo;
    static const std::vector<ItemColumn<Info>> columns{
        {text_column("path", "PATH"), [](const Info& info) -> Cell { return info.health.path; }},
        {number_column("size", "SIZE"),
         [](const Info& info) -> Cell { return format_bytes(info.health.bytes); }},
        {number_column("schema", "SCHEMA"),
         [](const Info& info) -> Cell { return std::int64_t{info.health.schema_version}; }},
        {text_column("journal_mode", "JOURNAL"),
         [](const Info& info) -> Cell { return info.health.journal_mode; }},
        {number_column("runs", "RUNS"), [](const Info& info) { return rows_of(info, "runs"); }},
        {text_column("oldest_run_at", "OLDEST RUN"),
         [](const Info& info) { return known_time(info.facts.oldest_run); }},
        {text_column("newest_run_at", "NEWEST RUN"),
         [](const Info& info) { return known_time(info.facts.newest_run); }},
        {machine_column("bytes"), [](const Info& info) { return size_cell(info.health.bytes); }},
        {machine_column("used_bytes"),
         [](const Info& info) { return size_cell(info.facts.pages.used_bytes()); }},
        {machine_column("wal_bytes"), [](const Info& info) { return size_cell(info.wal_bytes); }},
        {machine_column("max_bytes"), [](const Info& info) { return size_cell(info.max_bytes); }},
        {machine_column("disk_free_bytes"),
         [](const Info& info) {
             return info.health.free_bytes ? size_cell(*info.health.free_bytes) : Cell();
         }},
        {machine_column("file_system"),
         [](const Info& info) -> Cell { return info.health.file_system; }},
        {machine_column("application_id"),
         [](const Info& info) -> Cell { return info.facts.application_id; }},
        {machine_column("actions"), [](const Info& info) { return rows_of(info, "actions"); }},
        {machine_column("run_metrics"),
         [](const Info& info) { return rows_of(info, "run_metrics"); }},
        {machine_column("findings"), [](const Info& info) { return rows_of(info, "findings"); }},
        {machine_column("samples"), [](const Info& info) { return rows_of(info, "samples"); }},
        {machine_column("snapshots"), [](const Info& info) { return rows_of(info, "snapshots"); }},
        {machine_column("events"), [](const Info& info) { return rows_of(info, "events"); }},
        {machine_column("outbox"), [](const Info& info) { return rows_of(info, "outbox"); }},
        {machine_column("last_check_at"),
         [](const Info& info) {
             return info.facts.last_check ? known_time(info.facts.last_check->at) : Cell();
         }},
        {machine_column("last_check"),
         [](const Info& info) {
             return info.facts.last_check ? Cell(info.facts.last_check->verdict) : Cell();
         }},
        {machine_column("last_prune_at"),
         [](const Info& info) { return known_time(info.facts.last_prune); }},
        {machine_column("next_prune_at"),
         [](const Info& info) { return known_time(info.facts.next_prune); }},
    };
    return columns;
}

Table format_counts(const StoreInfo& info) {
    Table table{.title = "Rows",
                .columns = {text_column("table", "TABLE"), number_column("rows", "ROWS")}};
    for (const TableCount& count : info.facts.counts) {
        table.rows.push_back({count.table, known(count.rows)});
    }
    return table;
}

Table format_upkeep(const StoreInfo& info) {
    const StoreHealth& health = info.health;
    const StoreFacts& facts = info.facts;
    FieldTable fields("Upkeep");
    fields.add("file",
               fmt::format("{}, {} in use, may have {}",
                           format_bytes(health.bytes),
                           format_bytes(facts.pages.used_bytes()),
                           format_bytes(info.max_bytes)));
    fields.add("write-ahead log", format_bytes(info.wal_bytes));
    fields.add(
        "disk",
        health.free_bytes
            ? fmt::format("{}, {} free", health.file_system, format_bytes(*health.free_bytes))
            : health.file_system);
    fields.add(
        "last check",
        facts.last_check
            ? fmt::format("{}: {}", format_rfc3339(facts.last_check->at), facts.last_check->verdict)
            : "none yet");
    fields.add("last prune",
               facts.last_prune ? format_rfc3339(*facts.last_prune) : std::string("none yet"));
    fields.add("next prune", known_time(facts.next_prune));
    return fields.take();
}

std::uint64_t size_of(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path, missing);
    return missing ? 0 : size;
}

}  // namespace

Report format_store_info(const StoreInfo& info) {
    return {.summary = fmt::format("{}, {} of {}",
                                   info.health.path,
                                   format_bytes(info.health.bytes),
                                   format_bytes(info.max_bytes)),
            .table = make_table<StoreInfo>("", info_columns(), std::span(&info, 1)),
            .details = {format_counts(info), format_upkeep(info)}};
}

Report show_store_info(const Context& context) {
    const auto store = open_to_read(context);
    if (!store) {
        return report_no_store(context);
    }
    return format_store_info({.health = store->health(std::chrono::milliseconds(0)),
                              .facts = store->facts(counting_time),
                              .wal_bytes = size_of(store->path() + "-wal"),
                              .max_bytes = store_access(context).options.max_bytes});
}

}  // namespace caretaker

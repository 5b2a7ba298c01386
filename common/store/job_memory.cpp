// SPDX-License-Identifier: Apache-2.0
#include "common/store/job_memory.hpp"

#include "common/store/time_columns.hpp"

namespace caretaker {

namespace {

constexpr std::string_view this_thing =
    "job = ?1 AND target = ?2 AND kind = ?3 AND name = ?4 AND part = ?5";

}  // namespace

JobMemory::JobMemory(Database& database, std::string_view job, std::string_view target)
    : database_(database),
      job_(job),
      target_(target),
      find_(
          database.prepare("SELECT body, updated_ms FROM memory WHERE " + std::string(this_thing))),
      save_(database.prepare(
          "INSERT INTO memory(job, target, kind, name, part, updated_ms, body) "
          "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(job, target, kind, name, part) "
          "DO UPDATE SET updated_ms = ?6, body = ?7")) {}

std::optional<MemoryEntry> JobMemory::find(const MemoryKey& key) {
    if (!find_.with(job_, target_, key.kind, key.name, key.part).step()) {
        find_.reset();
        return std::nullopt;
    }
    return MemoryEntry{.body = find_.bytes(0), .updated_at = to_wall_time(find_.integer(1))};
}

bool JobMemory::knows_any(std::string_view kind, WallTime since) const {
    return database_
        .prepare(
            "SELECT 1 FROM memory WHERE job = ? AND target = ? AND kind = ? AND updated_ms >= ? "
            "LIMIT 1")
        .with(job_, target_, kind, to_milliseconds(since))
        .step();
}

std::vector<std::string> JobMemory::names(std::string_view kind, WallTime since) const {
    Statement list = database_.prepare(
        "SELECT DISTINCT name FROM memory WHERE job = ? AND target = ? AND kind = ? AND "
        "updated_ms >= ? ORDER BY name");
    list.with(job_, target_, kind, to_milliseconds(since));
    std::vector<std::string> names;
    while (list.step()) {
        names.push_back(list.text(0));
    }
    return names;
}

std::vector<std::string> JobMemory::parts(std::string_view kind, std::string_view name) const {
    Statement list = database_.prepare(
        "SELECT part FROM memory WHERE job = ? AND target = ? AND kind = ? AND name = ? "
        "ORDER BY part");
    list.with(job_, target_, kind, name);
    std::vector<std::string> parts;
    while (list.step()) {
        parts.push_back(list.text(0));
    }
    return parts;
}

void JobMemory::write(const std::function<void()>& body) {
    find_.reset();
    database_.write("keeping what the job remembers", [&] {
        body();
        find_.reset();  // a statement under way would keep the transaction open
    });
}

void JobMemory::save(const MemoryKey& key, std::string_view body, WallTime now) {
    save_.with(job_, target_, key.kind, key.name, key.part, to_milliseconds(now), Blob{body}).run();
}

void JobMemory::forget(const MemoryKey& key) {
    database_.prepare("DELETE FROM memory WHERE " + std::string(this_thing))
        .with(job_, target_, key.kind, key.name, key.part)
        .run();
}

}  // namespace caretaker

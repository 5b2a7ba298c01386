// SPDX-License-Identifier: Apache-2.0
#include "common/store/holds.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr std::string_view columns = "SELECT scope, until_ms, reason, by, created_ms FROM holds";

Hold read_hold(const Statement& row) {
    return {.scope = row.text(0),
            .until = to_wall_time(row.integer(1)),
            .reason = row.text(2),
            .by = row.text(3),
            .created_at = to_wall_time(row.integer(4))};
}

void add_event(Database& database,
               WallTime at,
               std::string_view scope,
               std::string_view by,
               const std::string& words) {
    database
        .prepare("INSERT INTO events(at_ms, kind, subject, ref, data) VALUES(?, 'hold', ?, ?, ?)")
        .with(to_milliseconds(at), scope, by, words)
        .run();
}

}  // namespace

void HoldTable::set(const Hold& hold) {
    database_.write("setting a hold", [&] {
        database_
            .prepare(
                "INSERT OR REPLACE INTO holds(scope, until_ms, reason, by, created_ms) "
                "VALUES(?, ?, ?, ?, ?)")
            .with(hold.scope,
                  to_milliseconds(hold.until),
                  hold.reason,
                  hold.by,
                  to_milliseconds(hold.created_at))
            .run();
        add_event(database_, hold.created_at, hold.scope, hold.by, "held: " + hold.reason);
    });
}

bool HoldTable::remove(std::string_view scope, std::string_view by, WallTime now) {
    bool held = false;
    database_.write("ending a hold", [&] {
        Statement find = database_.prepare("SELECT 1 FROM holds WHERE scope = ? AND until_ms > ?");
        held = find.with(scope, to_milliseconds(now)).step();
        find.reset();
        database_.prepare("DELETE FROM holds WHERE scope = ?").with(scope).run();
        if (held) {
            add_event(database_, now, scope, by, "hold ended");
        }
    });
    return held;
}

std::optional<Hold> HoldTable::find(std::string_view job, WallTime now) const {
    // The hold of all sorts last; a job cannot have its name.
    Statement find = database_.prepare(
        fmt::format("{} WHERE scope IN (?1, ?2) AND until_ms > ?3 ORDER BY scope = ?2", columns));
    if (!find.with(job, hold_of_all, to_milliseconds(now)).step()) {
        return std::nullopt;
    }
    return read_hold(find);
}

std::vector<Hold> HoldTable::list(WallTime now) const {
    Statement find =
        database_.prepare(fmt::format("{} WHERE until_ms > ? ORDER BY scope", columns));
    find.with(to_milliseconds(now));
    std::vector<Hold> holds;
    while (find.step()) {
        holds.push_back(read_hold(find));
    }
    return holds;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/store/action_log.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace caretaker {

namespace {

std::optional<std::string_view> none_if_empty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::int64_t> ended_ms(const Action& action) {
    return action.ended_at ? std::optional(to_milliseconds(*action.ended_at)) : std::nullopt;
}

}  // namespace

Statement prepare_action_insert(const Database& database) {
    return database.prepare(
        "INSERT INTO actions(run_id, seq, kind, subject, state, started_ms, ended_ms, bytes, "
        "reason, error, detail) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
}

void insert_action(Statement& insert,
                   std::int64_t run,
                   const ActionList& actions,
                   std::size_t index) {
    const Action action = actions[index];
    insert
        .with(run,
              static_cast<std::int64_t>(index) + 1,
              action.kind,
              action.subject,
              to_string(action.state),
              to_milliseconds(action.started_at),
              ended_ms(action),
              action.bytes,
              action.reason,
              none_if_empty(action.error),
              none_if_empty(action.identity))
        .run();
}

void ActionLog::start(const ActionList& actions, std::span<const std::size_t> indices) {
    database_.write("recording what is about to be done", [&] {
        Statement insert = prepare_action_insert(database_);
        for (const std::size_t index : indices) {
            insert_action(insert, run_, actions, index);
        }
    });
}

void ActionLog::finish(const ActionList& actions, std::span<const std::size_t> indices) {
    database_.write("recording what was done", [&] {
        Statement update = database_.prepare(
            "UPDATE actions SET state = ?, ended_ms = ?, bytes = ?, error = ? "
            "WHERE run_id = ? AND seq = ?");
        for (const std::size_t index : indices) {
            const Action action = actions[index];
            update
                .with(to_string(action.state),
                      ended_ms(action),
                      action.bytes,
                      none_if_empty(action.error),
                      run_,
                      static_cast<std::int64_t>(index) + 1)
                .run();
        }
    });
}

std::vector<UnsettledAction> fetch_unsettled_actions(const Database& database,
                                                     std::string_view job,
                                                     std::string_view target) {
    constexpr std::int64_t most = 10'000;
    Statement find = database.prepare(
        "SELECT a.id, a.kind, a.subject, a.detail, r.uid FROM actions a "
        "JOIN runs r ON r.id = a.run_id "
        "WHERE a.state IN ('started', 'unknown') AND r.job = ? AND r.target = ? "
        "AND r.outcome != 'running' AND r.imported_ms IS NULL ORDER BY a.id DESC LIMIT ?");
    find.with(job, target, most);
    std::vector<UnsettledAction> actions;
    while (find.step()) {
        actions.push_back({.id = find.integer(0),
                           .kind = find.text(1),
                           .subject = find.text(2),
                           .identity = find.text(3),
                           .run = find.text(4)});
    }
    std::ranges::reverse(actions);
    return actions;
}

void settle_actions(Database& database,
                    std::span<const SettledAction> settled,
                    std::string_view run_uid,
                    WallTime now) {
    Statement done = database.prepare(
        "UPDATE actions SET state = 'done', ended_ms = coalesce(ended_ms, ?), error = NULL, "
        "detail = ? WHERE id = ? AND state IN ('started', 'unknown')");
    Statement failed = database.prepare(
        "UPDATE actions SET state = 'failed', ended_ms = coalesce(ended_ms, ?), error = ? "
        "WHERE id = ? AND state IN ('started', 'unknown')");
    for (const SettledAction& action : settled) {
        const std::string words = fmt::format(
            "{} by run {}", action.done ? "seen done" : "not done: seen unchanged", run_uid);
        Statement& update = action.done ? done : failed;
        update.with(to_milliseconds(now), words, action.id).run();
    }
}

}  // namespace caretaker

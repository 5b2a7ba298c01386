// SPDX-License-Identifier: Apache-2.0
#include "common/store/finding_acks.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

#include <optional>

namespace caretaker {

bool acknowledge_finding(Database& database,
                         std::int64_t id,
                         WallTime until,
                         std::string_view note) {
    database.prepare("UPDATE findings SET acked_until_ms = ?, ack_note = ? WHERE id = ?")
        .with(to_milliseconds(until), note.empty() ? std::nullopt : std::optional(note), id)
        .run();
    return database.changes() > 0;
}

bool withdraw_acknowledgement(Database& database, std::int64_t id) {
    database
        .prepare(
            "UPDATE findings SET acked_until_ms = NULL, ack_note = NULL WHERE id = ? AND "
            "acked_until_ms IS NOT NULL")
        .with(id)
        .run();
    return database.changes() > 0;
}

}  // namespace caretaker

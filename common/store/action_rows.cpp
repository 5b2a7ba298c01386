// SPDX-License-Identifier: Apache-2.0
#include "common/store/action_rows.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

namespace caretaker {

std::string_view action_columns() {
    return "a.seq, a.kind, a.subject, a.state, a.reason, a.bytes, a.error, a.started_ms, "
           "a.ended_ms";
}

ActionRow read_action(const Statement& statement) {
    return {.seq = statement.integer(0),
            .kind = statement.text(1),
            .subject = statement.text(2),
            .state = statement.text(3),
            .reason = statement.text(4),
            .bytes = statement.optional_integer(5),
            .error = statement.text(6),
            .started_at = to_wall_time(statement.integer(7)),
            .ended_at = to_wall_time(statement.optional_integer(8))};
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/store/subject_queries.hpp"

#include "common/store/action_rows.hpp"
#include "common/store/database.hpp"
#include "common/store/run_conditions.hpp"

#include <fmt/format.h>

namespace caretaker {

std::vector<SubjectAction> fetch_subject_actions(const Database& database,
                                                 std::string_view subject,
                                                 const RunFilter& filter) {
    const RunConditions conditions(filter);
    // CROSS JOIN keeps the order: the actions of one subject are few, the runs of a filter are not.
    Statement find = database.prepare(fmt::format(
        "SELECT {}, r.uid, r.job, r.target, r.host, r.dry_run FROM actions AS a CROSS JOIN runs AS "
        "r ON r.id = a.run_id WHERE a.subject = ?{} ORDER BY a.started_ms DESC, a.id DESC LIMIT ?",
        action_columns(),
        conditions.text(" AND ")));
    int index = 0;
    find.bind(++index, subject);
    conditions.bind(find, index);
    find.bind(++index, filter.limit);
    std::vector<SubjectAction> actions;
    while (find.step()) {
        const int rest = action_column_count;
        actions.push_back({.action = read_action(find),
                           .run_uid = find.text(rest),
                           .job = find.text(rest + 1),
                           .target = find.text(rest + 2),
                           .host = find.text(rest + 3),
                           .dry_run = find.integer(rest + 4) != 0});
    }
    return actions;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/history/history_subject.hpp"

#include "common/base/run_info.hpp"
#include "common/base/table_columns.hpp"

#include <string>
#include <vector>

namespace caretaker {

namespace {

template <auto Field>
Cell action_field(const SubjectAction& done) {
    return non_empty(done.action.*Field);
}

const std::vector<ItemColumn<SubjectAction>>& subject_columns() {
    static const std::vector<ItemColumn<SubjectAction>> columns{
        {text_column("started_at", "STARTED"),
         [](const SubjectAction& done) { return known_time(done.action.started_at); }},
        {text_column("kind", "KIND"), action_field<&ActionRow::kind>},
        {text_column("state", "STATE"), action_field<&ActionRow::state>},
        {number_column("bytes", "BYTES"),
         [](const SubjectAction& done) { return known(done.action.bytes); }},
        {text_column("run", "RUN"),
         [](const SubjectAction& done) -> Cell { return short_run_id(done.run_uid); }},
        {text_column("job", "JOB"), [](const SubjectAction& done) -> Cell { return done.job; }},
        {text_column("target", "TARGET"),
         [](const SubjectAction& done) { return non_empty(done.target); }},
        {text_column("reason", "REASON"), action_field<&ActionRow::reason>},
        {text_column("error", "ERROR"), action_field<&ActionRow::error>},
        {machine_column("subject"), action_field<&ActionRow::subject>},
        {machine_column("ended_at"),
         [](const SubjectAction& done) { return known_time(done.action.ended_at); }},
        {machine_column("run_id"), [](const SubjectAction& done) -> Cell { return done.run_uid; }},
        {machine_column("seq"), [](const SubjectAction& done) -> Cell { return done.action.seq; }},
        {machine_column("host"), [](const SubjectAction& done) -> Cell { return done.host; }},
        {machine_column("dry_run"), [](const SubjectAction& done) -> Cell { return done.dry_run; }},
    };
    return columns;
}

}  // namespace

Table format_subject_actions(std::span<const SubjectAction> actions) {
    return make_table<SubjectAction>("", subject_columns(), actions);
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The command `holds`: one row per hold.
#include "jobs/holds/holds_job.hpp"

#include "common/base/context.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "holds",
    .summary = "Show which jobs are held, by whom and why",
    .description = "Lists the holds of the store that are in force now.",
    .examples =
        "  caretaker holds\n"
        "      what keeps jobs from running\n"
        "  caretaker holds -o json\n"
        "      the same for a script\n",
    .kind = JobKind::inspect,
    .tolerates = Tolerance::wrong_settings,
};

class HoldsJob final : public Job {
 public:
    void describe(CommandOptions& /*command*/) override {}

    Report run(Context& context) override {
        Report report;
        report.table = {.columns = {{.key = "job", .heading = "JOB"},
                                    {.key = "until", .heading = "UNTIL"},
                                    {.key = "by", .heading = "BY"},
                                    {.key = "since", .heading = "SINCE", .shown = Shown::machine},
                                    {.key = "reason", .heading = "REASON"}}};
        if (context.store != nullptr) {
            for (const Hold& hold : context.store->holds().list(context.clock.now())) {
                report.table.rows.push_back(
                    {hold.scope, hold.until, hold.by, hold.created_at, hold.reason});
            }
        }
        const std::size_t count = report.table.rows.size();
        report.summary =
            count == 0 ? "nothing is held" : fmt::format("{} hold{}", count, count == 1 ? "" : "s");
        return report;
    }
};

}  // namespace

std::unique_ptr<Job> make_holds_job() {
    return std::make_unique<HoldsJob>();
}

JobEntry holds_job_entry() {
    return {.info = info, .make = make_holds_job};
}

}  // namespace caretaker

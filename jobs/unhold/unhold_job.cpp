// SPDX-License-Identifier: Apache-2.0
// The command `unhold`: ends a hold before its time.
#include "jobs/unhold/unhold_job.hpp"

#include "common/base/context.hpp"
#include "common/base/host.hpp"
#include "common/options/command_options.hpp"
#include "common/store/hold_scope.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <string>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "unhold",
    .summary = "Let a held job run again",
    .description =
        "Ends the hold of one job, or the one of all jobs; holds of single jobs stay when that of "
        "all ends. Ending what is not held is no error.",
    .examples =
        "  caretaker unhold rotate\n"
        "      before the time of its hold is over\n"
        "  caretaker unhold all\n"
        "      the hold that was set for all jobs\n",
    .kind = JobKind::administer,
    .tolerates = Tolerance::wrong_settings,
};

class UnholdJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add("job", job_, "A job, or all", {.type = "JOB", .required = true});
    }

    Report run(Context& context) override {
        HoldTable holds = context.store->holds();
        check_hold_scope(info.name, job_, *context.commands);
        const WallTime now = context.clock.now();
        const bool was_held =
            holds.remove(job_, fmt::format("{}@{}", user_name(), context.run.host), now);
        std::string summary =
            fmt::format("{} {}", job_, was_held ? "is not held any more" : "was not held");
        if (const auto other = holds.find(job_, now); other && job_ != hold_of_all) {
            summary += "; the hold of all jobs still keeps it from running";
        }
        return {.summary = summary};
    }

 private:
    std::string job_;
};

}  // namespace

std::unique_ptr<Job> make_unhold_job() {
    return std::make_unique<UnholdJob>();
}

JobEntry unhold_job_entry() {
    return {.info = info, .make = make_unhold_job};
}

}  // namespace caretaker

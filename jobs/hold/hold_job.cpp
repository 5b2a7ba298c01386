// SPDX-License-Identifier: Apache-2.0
// The command `hold`: its options, and the hold that it sets.
#include "jobs/hold/hold_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/host.hpp"
#include "common/options/command_options.hpp"
#include "common/store/hold_scope.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <string>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "hold",
    .summary = "Keep a job, or all jobs, from running for a while",
    .description =
        "A held job ends at once, exit 0, and is recorded as skipped with the reason; runs that "
        "are under way go on, and dry runs pass. The hold is kept in the store, so it holds for "
        "all runs that use this store, and it ends by itself. A second hold of the same job "
        "replaces the first.",
    .examples =
        "  caretaker hold rotate --for 2h --reason 'restoring a snapshot'\n"
        "      no rotation for two hours\n"
        "  caretaker hold all --for 30m --reason 'network maintenance'\n"
        "      nothing runs for half an hour\n",
    .kind = JobKind::administer,
    .tolerates = Tolerance::wrong_settings,
};

class HoldJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add("job", job_, "A job, or all", {.type = "JOB", .required = true});
        command.add(
            "--for", duration_, "How long: 30m, 2h, 7d", {.type = "DURATION", .required = true});
        command.add("--reason",
                    reason_,
                    "Why, for those who meet the hold",
                    {.type = "TEXT", .required = true});
    }

    void configure(const Settings& /*settings*/, const std::string& /*target*/) override {
        const auto duration = parse_duration(duration_);
        if (!duration || duration->count() == 0) {
            throw UsageError(
                fmt::format("hold: --for: '{}' is not a duration; write 30m, 2h or 7d", duration_));
        }
        length_ = *duration;
        if (reason_.find_first_not_of(" \t\n") == std::string::npos) {
            throw UsageError("hold: --reason is empty; say why, for those who meet the hold");
        }
    }

    Report run(Context& context) override {
        check_hold_scope(info.name, job_, *context.commands);
        const WallTime now = context.clock.now();
        const Hold hold{.scope = job_,
                        .until = now + length_,
                        .reason = reason_,
                        .by = fmt::format("{}@{}", user_name(), context.run.host),
                        .created_at = now};
        context.store->holds().set(hold);
        return {.summary =
                    fmt::format("{} held until {}: {}",
                                job_ == hold_of_all ? std::string("all jobs are") : job_ + " is",
                                format_rfc3339(hold.until),
                                reason_)};
    }

 private:
    std::string job_;
    std::string duration_;
    std::string reason_;
    std::chrono::milliseconds length_{0};
};

}  // namespace

std::unique_ptr<Job> make_hold_job() {
    return std::make_unique<HoldJob>();
}

JobEntry hold_job_entry() {
    return {.info = info, .make = make_hold_job};
}

}  // namespace caretaker

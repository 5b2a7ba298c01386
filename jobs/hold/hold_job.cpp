// SPDX-License-Identifier: Apache-2.0
// The command `hold`: its options, and the hold that it sets.
#include "jobs/hold/hold_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/host.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "common/text/edit_distance.hpp"
#include "common/text/timestamp.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

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
};

/// The names of the jobs that can be held: the commands beside this one that leave runs behind.
std::vector<std::string> names_of_jobs(const CLI::App& command) {
    std::vector<std::string> names{std::string(hold_of_all)};
    for (const CLI::App* sibling : command.get_parent()->get_subcommands(nullptr)) {
        if (sibling->get_group() == "Jobs") {
            names.push_back(sibling->get_name());
        }
    }
    return names;
}

class HoldJob final : public Job {
 public:
    void describe(CLI::App& app) override {
        app_ = &app;
        app.add_option("job", job_, "A job, or all")->type_name("JOB")->required();
        app.add_option("--for", duration_, "How long: 30m, 2h, 7d")
            ->type_name("DURATION")
            ->required();
        app.add_option("--reason", reason_, "Why, for those who meet the hold")
            ->type_name("TEXT")
            ->required();
    }

    void configure(const Settings& /*settings*/, const std::string& /*target*/) override {
        const std::vector<std::string> names = names_of_jobs(*app_);
        if (std::ranges::find(names, job_) == names.end()) {
            const std::vector<std::string_view> candidates(names.begin(), names.end());
            const auto near = nearest_name(job_, candidates);
            throw UsageError(fmt::format("hold: '{}' is no job{}; there are {}",
                                         job_,
                                         near ? fmt::format(", did you mean '{}'?", *near) : "",
                                         fmt::join(names, ", ")));
        }
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
    const CLI::App* app_ = nullptr;
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

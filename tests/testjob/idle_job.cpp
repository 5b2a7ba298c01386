// SPDX-License-Identifier: Apache-2.0
#include "tests/testjob/idle_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/options/command_options.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace caretaker::testing {

namespace {

constexpr JobInfo info{
    .name = "idle",
    .summary = "Do nothing",
    .description = "Waits, reports a finding or fails, as its options say.",
    .examples = "  caretaker-testjob idle --wait 10\n      does nothing for 10 seconds\n",
    .kind = JobKind::check,
};

class IdleJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add("--wait", wait_seconds_, "Seconds");
        command.add_flag("--hang", hang_, "Wait without an eye on the stop signal");
        command.add("--finding", severity_, "Severity of a finding, 1 to 5");
        command.add("--end", end_, "partial, failed, unreachable or denied");
    }

    Report run(Context& context) override {
        context.progress.begin("idling", "seconds", wait_seconds_);
        context.log.info("idling has begun");  // it has its lock and its row by now
        if (hang_) {
            const StopSignal never;
            (void)never.wait_for(std::chrono::seconds(wait_seconds_));
        }
        for (int second = 0; second < wait_seconds_; ++second) {
            context.clock.wait(std::chrono::seconds(1), context.stop);
            context.stop.check();
            context.progress.update(second + 1);
        }
        Report report{.summary = "idled"};
        if (severity_ > 0) {
            report.findings.push_back({.code = "idleness",
                                       .subject = "this job",
                                       .message = "it does nothing",
                                       .severity = static_cast<Severity>(severity_)});
        }
        if (end_ == "partial") {
            report.problems.push_back({.code = "half", .message = "only half of it was done"});
        } else if (!end_.empty()) {
            fail();
        }
        return report;
    }

 private:
    void fail() const {
        RemoteFailure failure = RemoteFailure::failed;
        if (end_ == "unreachable") {
            failure = RemoteFailure::unreachable;
        } else if (end_ == "denied") {
            failure = RemoteFailure::denied;
        }
        throw RemoteError(failure, "idle_" + end_, "idling: it was to end so");
    }

    std::int64_t wait_seconds_ = 0;
    bool hang_ = false;
    std::int64_t severity_ = 0;
    std::string end_;
};

std::unique_ptr<Job> make_idle_job() {
    return std::make_unique<IdleJob>();
}

}  // namespace

JobEntry idle_job_entry() {
    return {.info = info, .make = make_idle_job};
}

}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
// The command `again`: finds a run and hands its arguments back to the program.
#include "jobs/again/again_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "common/text/redact.hpp"
#include "common/text/shell_words.hpp"

#include <fmt/format.h>

#include <string>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "again",
    .summary = "Repeat a run with the arguments it had",
    .description =
        "Runs the command line that is recorded with a run: a new run, with today's configuration "
        "and environment. What the run was allowed to do (--yes) the new one may do too. Options "
        "that every command takes (--output, --store) go over those of the run.",
    .examples =
        "  caretaker again last:lag\n"
        "      the last run of a job once more\n"
        "  caretaker again 5b1c09af\n"
        "      a run by the end of its id\n",
    .kind = JobKind::inspect,
};

class AgainJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add("run",
                    selector_,
                    "The beginning or end of its id, last, last:JOB or last-ok:JOB",
                    {.type = "RUN", .required = true});
    }

    Report run(Context& context) override {
        const auto row = context.store == nullptr
                             ? std::nullopt
                             : context.store->find_run(selector_, context.run.target);
        if (!row) {
            throw UsageError(
                fmt::format("again: there is no run '{}'; see caretaker history", selector_));
        }
        auto words = split_shell_words(row->argv);
        if (!words || words->size() < 2) {
            throw UsageError(fmt::format("again: the arguments of run {} are not recorded in full",
                                         short_run_id(row->uid)));
        }
        if (row->argv.find(redacted) != std::string::npos) {
            throw UsageError(fmt::format(
                "again: the arguments of run {} held a secret, which is not recorded; type them "
                "again: {}",
                short_run_id(row->uid),
                row->argv));
        }
        words->erase(words->begin());  // the program's own name
        Report report;
        report.next_command = std::move(*words);
        return report;
    }

 private:
    std::string selector_;
};

}  // namespace

std::unique_ptr<Job> make_again_job() {
    return std::make_unique<AgainJob>();
}

JobEntry again_job_entry() {
    return {.info = info, .make = make_again_job};
}

}  // namespace caretaker

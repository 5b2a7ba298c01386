// SPDX-License-Identifier: Apache-2.0
// The command `exit-codes`: the table of exit codes, for people and scripts.
#include "jobs/exit-codes/exit_codes_job.hpp"

#include "common/base/context.hpp"
#include "common/base/exit_code.hpp"
#include "common/options/command_options.hpp"
#include "common/output/json_writer.hpp"

#include <string>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "exit-codes",
    .summary = "List what the exit codes mean",
    .description =
        "The codes that every command may return, what Chronos and Jenkins make of them, and what "
        "they become with --nagios (findings: 2 from severity high on). A code that is not in the "
        "list, as a later version may have, is a failure.",
    .examples =
        "  caretaker exit-codes\n"
        "      the table\n"
        "  caretaker exit-codes --json\n"
        "      the same as an array of objects\n",
    .kind = JobKind::inspect,
};

std::string format_json() {
    JsonWriter out;
    out.begin_array();
    for (const ExitCodeInfo& row : exit_codes()) {
        out.begin_object();
        out.member("code", static_cast<int>(row.code));
        out.member("name", row.name);
        out.member("meaning", row.meaning);
        out.member("chronos", row.chronos);
        out.member("jenkins", row.jenkins);
        out.member("nagios", static_cast<int>(row.nagios));
        out.end_object();
    }
    out.end_array();
    out.end_line();
    return std::string(out.text());
}

class ExitCodesJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add_flag("--json", json_, "As a JSON array");
    }

    [[nodiscard]] bool stands_alone() const override { return true; }

    Report run(Context& /*context*/) override {
        if (json_) {
            return {.document = format_json()};
        }
        Report report{.summary = "the exit codes"};
        report.table.columns = {{.key = "code", .heading = "CODE", .right = true},
                                {.key = "name", .heading = "NAME"},
                                {.key = "meaning", .heading = "MEANING"},
                                {.key = "chronos", .heading = "CHRONOS"},
                                {.key = "jenkins", .heading = "JENKINS"},
                                {.key = "nagios", .heading = "NAGIOS"}};
        for (const ExitCodeInfo& row : exit_codes()) {
            report.table.rows.push_back({std::int64_t{static_cast<int>(row.code)},
                                         std::string(row.name),
                                         std::string(row.meaning),
                                         std::string(row.chronos),
                                         std::string(row.jenkins),
                                         std::string(to_string(row.nagios))});
        }
        return report;
    }

 private:
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Job> make_exit_codes_job() {
    return std::make_unique<ExitCodesJob>();
}

JobEntry exit_codes_job_entry() {
    return {.info = info, .make = make_exit_codes_job};
}

}  // namespace caretaker

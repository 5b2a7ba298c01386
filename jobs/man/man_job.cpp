// SPDX-License-Identifier: Apache-2.0
// The command `man`: one page for the program and one for each command, from the program itself.
#include "jobs/man/man_job.hpp"

#include "common/base/context.hpp"
#include "common/base/version.hpp"
#include "common/options/command_options.hpp"
#include "common/output/output_file.hpp"
#include "jobs/man/man_page.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "man",
    .summary = "Write the man pages",
    .description =
        "One page for the program and one for each command, made from the same source as --help. "
        "The directory has to exist; pages that are there are replaced.",
    .examples =
        "  caretaker man --out /usr/share/man/man1\n"
        "      where man finds them\n"
        "  caretaker man --out . && man -l caretaker-lag.1\n"
        "      to read one without installing it\n",
    .kind = JobKind::inspect,
    .is_about_options = true,
};

class ManJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add(
            "--out", directory_, "Where the pages are written", {.type = "DIR", .required = true});
    }

    [[nodiscard]] bool stands_alone() const override { return true; }

    Report run(Context& context) override {
        const CommandHelp& program = *context.commands;
        const BuildInfo& build = build_info();
        const ManFacts facts{.version = std::string(build.version),
                             .date = std::string(build.commit_date)};
        Report report{.table = {.columns = {{.key = "file", .heading = "FILE"}}}};
        const auto write = [&](const CommandHelp& command) {
            const auto path = std::filesystem::path(directory_) / man_page_name(command);
            write_output_file(path.string(), format_man_page(command, program, facts));
            report.table.rows.push_back({path.string()});
        };
        write(program);
        for (const CommandHelp& command : program.commands) {
            write(command);
        }
        report.summary = fmt::format("{} pages", report.table.rows.size());
        return report;
    }

 private:
    std::string directory_{};
};

}  // namespace

std::unique_ptr<Job> make_man_job() {
    return std::make_unique<ManJob>();
}

JobEntry man_job_entry() {
    return {.info = info, .make = make_man_job};
}

}  // namespace caretaker

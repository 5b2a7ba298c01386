// SPDX-License-Identifier: Apache-2.0
// The command `config`: its options, and the two views of the settings.
#include "jobs/config/config_job.hpp"

#include "common/base/context.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store_access.hpp"
#include "jobs/config/config_document.hpp"
#include "jobs/config/config_schema.hpp"
#include "jobs/config/config_view.hpp"

#include <fmt/format.h>

#include <optional>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "config",
    .summary = "Show, check or describe the configuration",
    .description =
        "Flags win over environment variables, these over files, and files over defaults, key by "
        "key. A configuration that is wrong ends every job with exit code 2 and the list of all "
        "its problems; `config check` does nothing else, and `config show` prints before them what "
        "could be read.",
    .examples =
        "  caretaker config show --origin\n"
        "      every value, and the file and line, variable or flag that it comes from\n"
        "  caretaker config check --config caretaker.yml\n"
        "      whether a file is right, before it is rolled out\n"
        "  caretaker config show -o json\n"
        "      the effective settings for a script\n"
        "  caretaker config schema > caretaker.schema.json\n"
        "      a JSON Schema, with which editors check and complete the file\n",
    .kind = JobKind::inspect,
    .tolerates = Tolerance::wrong_settings_as_result,
};

std::string count_words(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

class ConfigJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        show_ = command.add_form("show", "The effective values; secrets are shown as ***");
        show_.add_flag("--origin", with_origin_, "Where each value comes from");
        command.add_form("check", "Whether files, variables and flags are right");
        schema_ = command.add_form("schema", "The JSON Schema of the configuration file");
        docs_ = command.add_form("docs", "Every key with its type, default and meaning; Markdown");
        command.require_form();
    }

    [[nodiscard]] Tolerance tolerance_of_form(Tolerance announced) const override {
        return show_.is_given() ? announced : Tolerance::nothing;
    }

    [[nodiscard]] bool stands_alone() const override {
        return schema_.is_given() || docs_.is_given();
    }

    [[nodiscard]] bool opens_store_itself() const override { return true; }  // it needs none

    [[nodiscard]] ExitCode code_when_failed() const override { return ExitCode::usage; }

    Report run(Context& context) override {
        if (schema_.is_given()) {
            return {.document = format_config_schema()};
        }
        if (docs_.is_given()) {
            return {.document = format_config_document()};
        }
        const SettingsCount count = count_settings(context.settings);
        Report report{.summary = fmt::format("{}, {}",
                                             count_words(count.files, "file"),
                                             count_words(count.settings, "setting"))};
        report.table = show_.is_given()
                           ? format_settings(context.settings, with_origin_, store_place(context))
                           : format_check(count);
        if (!context.settings_problem.empty()) {
            report.outcome = Outcome::failed;
            report.problems.push_back({.code = "usage", .message = context.settings_problem});
        }
        return report;
    }

 private:
    static std::optional<DerivedPath> store_place(const Context& context) {
        if (context.store_access == nullptr) {
            return std::nullopt;
        }
        return DerivedPath{.path = context.store_access->options.path,
                           .origin = context.store_access->path_origin};
    }

    CommandOptions show_{};
    CommandOptions schema_{};
    CommandOptions docs_{};
    bool with_origin_ = false;
};

}  // namespace

std::unique_ptr<Job> make_config_job() {
    return std::make_unique<ConfigJob>();
}

JobEntry config_job_entry() {
    return {.info = info, .make = make_config_job};
}

}  // namespace caretaker

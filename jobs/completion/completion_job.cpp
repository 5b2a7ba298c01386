// SPDX-License-Identifier: Apache-2.0
// The command `completion`: the scripts, and the words that they ask for while somebody types.
#include "jobs/completion/completion_job.hpp"

#include "common/base/context.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "jobs/completion/bash_script.hpp"
#include "jobs/completion/completion_model.hpp"
#include "jobs/completion/fish_script.hpp"
#include "jobs/completion/zsh_script.hpp"

#include <set>
#include <string>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "completion",
    .summary = "Print the script with which a shell completes commands",
    .description =
        "The script proposes commands, options and the words they take; jobs, targets and runs are "
        "asked from configuration and store while you type. Packages install it for all three "
        "shells.",
    .examples =
        "  caretaker completion bash > ~/.local/share/bash-completion/completions/caretaker\n"
        "      in every bash from now on\n"
        "  caretaker completion zsh > ~/.zfunc/_caretaker\n"
        "      in zsh, with ~/.zfunc in fpath before compinit\n"
        "  caretaker completion fish > ~/.config/fish/completions/caretaker.fish\n"
        "      in fish\n"
        "  source <(caretaker completion bash)\n"
        "      in this bash alone\n",
    .kind = JobKind::inspect,
    .is_about_options = true,
};

/// As many as a person reads; the newest.
constexpr std::int64_t most_runs = 30;

std::vector<std::string> run_candidates(const Store& store) {
    std::vector<std::string> words{"last"};
    std::set<std::string> jobs;
    std::vector<std::string> ids;
    for (const RunRow& run : store.runs({.limit = most_runs})) {
        jobs.insert(run.job);
        ids.push_back(short_run_id(run.uid));
    }
    for (const std::string& job : jobs) {
        words.push_back("last:" + job);
        words.push_back("last-ok:" + job);
    }
    words.insert(words.end(), ids.begin(), ids.end());
    return words;
}

class CompletionJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        bash_ = command.add_form("bash", "The script for bash");
        zsh_ = command.add_form("zsh", "The script for zsh");
        command.add_form("fish", "The script for fish");
        candidates_ =
            command.add_hidden_form("candidates", "What can be typed; asked by the scripts");
        candidates_.add("kind",
                        kind_,
                        "jobs, targets or runs",
                        {.choices = {"jobs", "targets", "runs"}, .required = true});
        command.require_form();
    }

    [[nodiscard]] bool stands_alone() const override { return !candidates_.is_given(); }

    Report run(Context& context) override {
        const CommandHelp& program = *context.commands;
        if (candidates_.is_given()) {
            return {.document = list_candidates(context)};
        }
        if (bash_.is_given()) {
            return {.document = format_bash_script(program)};
        }
        return {.document =
                    zsh_.is_given() ? format_zsh_script(program) : format_fish_script(program)};
    }

 private:
    [[nodiscard]] std::string list_candidates(const Context& context) const {
        std::vector<std::string> words;
        if (kind_ == "targets") {
            words = context.settings.targets();
        } else if (kind_ == "runs" && context.store != nullptr) {
            words = run_candidates(*context.store);
        } else if (kind_ == "jobs") {
            for (const CommandHelp& command : context.commands->commands) {
                if (command.recorded) {
                    words.push_back(command.name);
                }
            }
        }
        std::string out;
        for (const std::string& word : words) {
            out += word + '\n';
        }
        return out;
    }

    CommandOptions bash_{};
    CommandOptions zsh_{};
    CommandOptions candidates_{};
    std::string kind_{};
};

}  // namespace

std::unique_ptr<Job> make_completion_job() {
    return std::make_unique<CompletionJob>();
}

JobEntry completion_job_entry() {
    return {.info = info, .make = make_completion_job};
}

}  // namespace caretaker

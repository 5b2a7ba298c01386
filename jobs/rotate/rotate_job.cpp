// SPDX-License-Identifier: Apache-2.0
// The command `rotate`: its options, and what they make of a run.
#include "jobs/rotate/rotate_job.hpp"

#include "common/base/error.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/clients/http_settings.hpp"
#include "common/config/text_file.hpp"
#include "common/options/command_options.hpp"
#include "common/text/stable_hash.hpp"
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/client_file.hpp"
#include "jobs/rotate/curator_environment.hpp"
#include "jobs/rotate/curator_flags.hpp"
#include "jobs/rotate/curator_options.hpp"
#include "jobs/rotate/date_math.hpp"
#include "jobs/rotate/rotate_task.hpp"
#include "jobs/rotate/single_action.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "rotate",
    .summary = "Run Curator action files: delete, close, alias, roll over, …",
    .description =
        "Does what action files written for Elastic Curator 4 to 9 say, unchanged, at "
        "Elasticsearch "
        "1 to 9 and OpenSearch 1 to 3. Everything is planned before the first change. Indices that "
        "writes go to are not deleted, closed, frozen, force-merged or shrunk.",
    .examples =
        "  caretaker rotate plan delete_old.yml --es-url http://es1:9200\n"
        "      what the file would do; nothing is changed\n"
        "  caretaker rotate --yes delete_old.yml close_old.yml\n"
        "      two files, one after the other, at the target's Elasticsearch\n"
        "  caretaker rotate explain delete_old.yml logs-2026.10.22\n"
        "      which filter takes or leaves that index, and why\n"
        "  caretaker rotate close --filter-list '{\"filtertype\": \"alias\", \"aliases\": "
        "\"old\"}'\n"
        "      one action without a file\n",
    .kind = JobKind::upkeep,
};

constexpr std::size_t largest_file = 1U << 20U;
constexpr std::chrono::hours longest_wait_of_curator{24};

std::optional<std::string> environment_variable(std::string_view name) {
    const char* const value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

class RotateJob final : public UpkeepJob {
 public:
    void describe(CommandOptions& command) override {
        add_files(command);
        command.add("--es-url",
                    urls_,
                    "Address of a node, in place of the target's; repeatable",
                    {.type = "URL"});
        command.add_flag("--continue-on-empty",
                         request_.policy.continue_on_empty,
                         "Go on behind an action whose filters leave nothing, where Curator ends");
        command.add_flag("--allow-write-indices",
                         request_.policy.allow_write_indices,
                         "Delete, close, freeze, merge and shrink indices that writes go to, too");
        command.add_flag("--all-indices",
                         request_.policy.everything,
                         "Let hidden and system indices be on the lists, as Curator 5 did");
        command.add_flag("--strict",
                         request_.policy.strict,
                         "Fail an action, as Curator does, for a name whose date is none and for a "
                         "field without values");
        add_curator_options(command, curator_);
        command.add_flag(
            "--as-curator", request_.as_curator, "End as Curator does", {.hidden = true});
        plan_ = command.add_form("plan", "Show what the files would do");
        add_files(plan_);
        explain_ =
            command.add_form("explain", "Show which filter takes or leaves each index, and why");
        explain_.add("file", explained_file_, "Action file", {.type = "FILE", .required = true});
        explain_.add("index", request_.explained_index, "Only this index", {.type = "INDEX"});
        export_ = command.add_form(
            "export", "Print the lifecycle policies that do the same, and what they cannot say");
        add_files(export_);
        export_.add("--to",
                    export_to_,
                    "Elasticsearch's ILM or OpenSearch's ISM",
                    {.type = "ilm|ism", .choices = {"ilm", "ism"}, .required = true});
        single_.describe(command);
    }

    bool claims_config(const std::string& path) override {
        const TextFile file = read_text_file(path, largest_file);
        const bool is_curators =
            file.error.empty() &&
            (is_client_file(file.text) || (request_.as_curator && may_be_client_file(file.text)));
        if (is_curators) {
            client_file_ = path;
        }
        return is_curators;
    }

    void configure(const Settings& settings, const std::string& target) override {
        check_arguments();
        try {
            take_options(settings, target);
        } catch (const UsageError& error) {
            // Under Curator's name its exit codes hold: 2 is for the command line alone, of which
            // what stands in the files is no part.
            if (!request_.as_curator) {
                throw;
            }
            throw Error(ExitCode::failed, error.code(), error.what());
        }
    }

    [[nodiscard]] bool only_plans() const override {
        return is_dry_run_ || plan_.is_given() || explain_.is_given() || export_.is_given() ||
               single_.listed() != ListedKind::nothing;
    }

    std::unique_ptr<UpkeepTask> begin(Context& context) override {
        return begin_rotation(request_, context);
    }

    /// One run at a time changes what is behind an address; the target has its own only where its
    /// settings say the addresses. Curator knows no lock, so under its name the other is waited
    /// for.
    [[nodiscard]] UpkeepLock lock_of_form(const std::string& job) const override {
        UpkeepLock lock;
        if (is_targets_service_) {
            lock.names.push_back(job);
        }
        for (const std::string& endpoint : request_.service.endpoints) {
            lock.names.push_back(fmt::format("the indices at {}", endpoint));
        }
        if (request_.as_curator) {
            lock.wait = longest_wait_of_curator;
        }
        return lock;
    }

 private:
    void add_files(CommandOptions& command) {
        command.add("files", files_, "Action files, run in their order", {.type = "FILE"});
    }

    /// What is wrong whatever stands in the files.
    void check_arguments() {
        if (explain_.is_given()) {
            files_ = {explained_file_};
        }
        if (files_.empty() && !single_.is_given()) {
            throw UsageError("no action file is named; see caretaker rotate --help");
        }
        if (!files_.empty() && single_.is_given()) {
            throw UsageError("name action files, or one action, not both");
        }
        for (const std::string& path : files_) {
            texts_.push_back(read_whole("action file", path));
        }
        if (single_.is_given()) {
            single_.check_options();
        }
        if (request_.as_curator) {
            take_curator_environment(environment_variable, curator_);
            is_dry_run_ = is_dry_run_of_environment(environment_variable);
            if (client_file_.empty() && urls_.empty()) {
                client_file_ = find_client_file(environment_variable);
            }
        }
        if (!client_file_.empty()) {
            client_text_ = read_whole("client file", client_file_);
        }
    }

    static std::string read_whole(std::string_view what, const std::string& path) {
        TextFile file = read_text_file(path, largest_file);
        if (!file.error.empty()) {
            throw UsageError(
                fmt::format("reading the {} {}: {}; check its path", what, path, file.error));
        }
        return std::move(file.text);
    }

    void take_options(const Settings& settings, const std::string& target) {
        request_.explains = explain_.is_given();
        for (std::size_t i = 0; i < files_.size(); ++i) {
            read_file(files_[i], texts_[i]);
        }
        if (single_.is_given()) {
            take_single_action();
        }
        if (export_.is_given()) {  // no service is asked
            request_.export_to = export_to_ == "ilm" ? PolicyKind::ilm : PolicyKind::ism;
            return;
        }
        ClientFile client = find_service(settings, target);
        apply_curator_options(curator_, client);
        take_settings(settings);
        request_.service = std::move(client.service);
        request_.master_only = client.master_only;
    }

    ClientFile find_service(const Settings& settings, const std::string& target) {
        ClientFile client;
        if (!client_file_.empty()) {
            client = read_client_file(client_text_, client_file_, environment_variable);
            if (!client.problems.empty()) {
                throw UsageError(format_problems(client.problems));
            }
        } else if (!curator_.names_hosts()) {
            const std::string key = fmt::format("targets.{}.elasticsearch.urls", target);
            if (request_.as_curator && urls_.empty() && settings.texts(key).empty()) {
                return read_client_file("", "", environment_variable);  // Curator's default
            }
            client.service = load_http_options(
                settings, target, "elasticsearch", {.name = "--es-url", .urls = urls_});
            is_targets_service_ = urls_.empty();
        }
        return client;
    }

    void take_settings(const Settings& settings) {
        request_.require_snapshot = settings.texts("rotate.require_snapshot");
        request_.snapshot_grace =
            std::chrono::floor<std::chrono::seconds>(settings.duration("rotate.snapshot_grace"));
        request_.delete_until = settings.text("rotate.delete_until");
        request_.manners = {
            .batch_size = static_cast<std::size_t>(settings.integer("rotate.batch_size")),
            .batch_pause = settings.duration("rotate.batch_pause"),
            .snapshot_wait = settings.duration("rotate.snapshot_wait")};
    }

    void take_single_action() {
        request_.listed = single_.listed();
        request_.files = hex16(stable_hash(single_.text()));
        ActionFile file = single_.read();
        for (ActionSpec& spec : file.actions) {
            if (const std::string why = why_refused(spec); !why.empty()) {
                throw UsageError(why);
            }
            request_.specs.push_back(std::move(spec));
        }
    }

    void read_file(const std::string& path, const std::string& text) {
        request_.files = hex16(stable_hash(request_.files + text));
        ActionFile actions = read_action_file(text, path, environment_variable);
        if (!actions.problems.empty()) {
            throw UsageError(format_problems(actions.problems));
        }
        std::vector<ConfigProblem> refused;
        for (ActionSpec& spec : actions.actions) {
            const std::string why = export_.is_given() ? std::string() : why_refused(spec);
            if (!why.empty()) {
                refused.push_back({.file = path,
                                   .line = spec.at.line,
                                   .column = spec.at.column,
                                   .message = fmt::format("action {}: {}", spec.id, why)});
            }
            request_.specs.push_back(std::move(spec));
        }
        if (!refused.empty()) {
            throw UsageError(format_problems(refused));
        }
    }

    /// What is right in the file and cannot be done all the same.
    static std::string why_refused(const ActionSpec& spec) {
        if (spec.options.flag("disable_action")) {
            return {};
        }
        for (const char* option : {"name", "new_index"}) {
            if (spec.options.has(option)) {
                const ResolvedName name = resolve_name(spec.options.text(option), UnixSeconds());
                if (!name.error.empty() && !name.needs_server) {
                    return name.error;
                }
            }
        }
        return {};
    }

    std::vector<std::string> files_;
    std::vector<std::string> texts_;  // of the files
    std::vector<std::string> urls_;
    CuratorOptions curator_;
    std::string client_file_;
    std::string client_text_;
    CommandOptions plan_{};
    CommandOptions explain_{};
    CommandOptions export_{};
    SingleActions single_{};
    std::string export_to_;
    std::string explained_file_;
    bool is_targets_service_ = false;
    bool is_dry_run_ = false;
    RotateRequest request_;
};

std::unique_ptr<Job> make_rotate_job() {
    return std::make_unique<RotateJob>();
}

}  // namespace

JobEntry rotate_job_entry() {
    return {.info = info, .make = make_rotate_job};
}

}  // namespace caretaker

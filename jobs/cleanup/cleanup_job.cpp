// SPDX-License-Identifier: Apache-2.0
// The command `cleanup`: its options, and what they make of a run.
#include "jobs/cleanup/cleanup_job.hpp"

#include "common/base/error.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/config/text_file.hpp"
#include "common/options/command_options.hpp"
#include "common/text/edit_distance.hpp"
#include "jobs/cleanup/cleanup_task.hpp"
#include "jobs/cleanup/import_docker_gc_model.hpp"
#include "jobs/cleanup/import_tmpfiles_model.hpp"
#include "jobs/cleanup/import_tmpreaper_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "cleanup",
    .summary = "Keep a host clean: files by rules, Mesos sandboxes, Docker leftovers",
    .description =
        "Deletes what the rules below cleanup.files of the configuration take on this host, by "
        "age, by number, by total size, the sandboxes of Mesos that its agent says are over, and "
        "what its Docker Engine keeps and nobody uses. "
        "Everything is planned before the first change, and looked "
        "at again before it goes. Mount points and symbolic links are never entered; files that a "
        "process has open, immutable ones and locked directories are left alone, and said to be.",
    .examples =
        "  caretaker cleanup --dry-run\n"
        "      what would be deleted, and why\n"
        "  caretaker cleanup --yes --rule app-logs\n"
        "      carry out one rule\n"
        "  caretaker cleanup --explain /data/logs/app/old.log\n"
        "      which rule would take that file, or what keeps it\n",
    .kind = JobKind::upkeep,
};

constexpr std::size_t largest_import = std::size_t{1} << 20U;

class CleanupJob final : public UpkeepJob {
 public:
    void describe(CommandOptions& command) override {
        command.add_reader("--only",
                           [this](const std::string& text) { return read_parts(text); },
                           "Only these of files, mesos, docker and store, separated by commas",
                           {.type = "PARTS"});
        command.add("--rule", names_, "Only the rules of that name; repeatable", {.type = "NAME"});
        command.add("--explain",
                    explained_,
                    "Say which rule would take that path, or what keeps it; changes nothing",
                    {.type = "PATH"});
        command.add_flag(
            "-0,--null",
            request_.files.lists_paths,
            "Print paths alone, each ended by a zero byte: what a dry run would take of "
            "files, or what is gone; --only files",
            {.excludes = "--explain"});
        command.add("--apply-plan",
                    request_.plan_file,
                    "Delete nothing beyond a plan that --dry-run -o json wrote on this host within "
                    "24 hours",
                    {.type = "FILE", .excludes = "--explain"});
        import_ = command.add_form(
            "import", "Print the rules that the configuration of another tool amounts to");
        import_.add(
            "tool",
            tool_,
            "Whose it is",
            {.type = "TOOL", .choices = {"tmpfiles", "tmpreaper", "docker-gc"}, .required = true});
        import_.add("file",
                    import_file_,
                    "A file of tmpfiles.d, tmpreaper.conf, or what sets the variables of docker-gc "
                    "or lists what it spares",
                    {.type = "FILE", .required = true});
    }

    void configure(const Settings& settings, const std::string& target) override {
        if (import_.is_given()) {
            request_.imported = import_rules();
            return;
        }
        request_.files.rules = load_file_rules(settings);
        request_.files.sandboxes = load_sandbox_settings(settings, target);
        request_.docker = load_docker_settings(settings, target);
        if (request_.files.lists_paths) {
            parts_ = {"files"};
        }
        keep_to_parts();
        std::vector<FileRule>& rules = request_.files.rules.rules;
        if (rules.empty() && !request_.files.sandboxes && !request_.docker &&
            !request_.prunes_store) {
            throw UsageError(
                "there is nothing to clean; add rules below cleanup.files to the configuration, "
                "see docs/cleanup.md");
        }
        for (const std::string& name : names_) {
            check_name(name);
        }
        if (!names_.empty()) {
            std::erase_if(rules, [&](const FileRule& rule) {
                return std::ranges::find(names_, rule.name) == names_.end();
            });
            request_.files.sandboxes.reset();
            request_.docker.reset();
            request_.prunes_store = false;
        }
        if (!explained_.empty()) {
            if (!explained_.starts_with('/') || explained_.ends_with('/')) {
                throw UsageError(fmt::format(
                    "--explain: '{}' is no absolute path without a slash at its end", explained_));
            }
            request_.files.explained = explained_;
            request_.docker.reset();
            request_.prunes_store = false;
        }
    }

    [[nodiscard]] bool only_plans() const override {
        return !explained_.empty() || import_.is_given();
    }

    [[nodiscard]] bool tells_unreachable_first() const override { return true; }

    [[nodiscard]] BrakeLimits brake_limits() const override { return {.max_percent = 100.0}; }

    /// What is cleaned is this host's own.
    [[nodiscard]] UpkeepLock lock_of_form(const std::string& job) const override {
        return {.names = {job}, .is_of_host = true};
    }

    std::unique_ptr<UpkeepTask> begin(Context& context) override {
        return begin_cleanup(request_, context);
    }

 private:
    [[nodiscard]] std::string import_rules() const {
        const TextFile file = read_text_file(import_file_, largest_import);
        if (!file.error.empty()) {
            throw UsageError(
                fmt::format("reading {}: {}; check its path", import_file_, file.error));
        }
        if (tool_ == "docker-gc") {
            return format_imported_docker_rules(import_docker_gc(file.text, import_file_),
                                                import_file_);
        }
        return format_imported_rules(
            tool_ == "tmpfiles" ? import_tmpfiles(file.text) : import_tmpreaper(file.text),
            import_file_);
    }

    /// What is wrong with the text, or nothing.
    std::string read_parts(const std::string& text) {
        for (std::string_view rest = text; !rest.empty();) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            const std::string_view part = rest.substr(0, comma);
            if (part != "files" && part != "mesos" && part != "docker" && part != "store") {
                return fmt::format("'{}' is no part; there are files, mesos, docker and store",
                                   part);
            }
            parts_.emplace_back(part);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
        return parts_.empty() ? "no part is named" : "";
    }

    void keep_to_parts() {
        const auto is_left_out = [&](std::string_view part) {
            return !parts_.empty() && std::ranges::find(parts_, part) == parts_.end();
        };
        if (is_left_out("files")) {
            request_.files.rules.rules.clear();
        }
        if (is_left_out("mesos")) {
            request_.files.sandboxes.reset();
        }
        if (is_left_out("docker")) {
            request_.docker.reset();
        }
        // Each run prunes the store once a day by itself; where it is named, it is done now.
        request_.prunes_store = std::ranges::find(parts_, "store") != parts_.end();
    }

    void check_name(const std::string& name) const {
        std::vector<std::string_view> known;
        for (const FileRule& rule : request_.files.rules.rules) {
            known.push_back(rule.name);
        }
        if (std::ranges::find(known, name) != known.end()) {
            return;
        }
        const auto nearest = nearest_name(name, known);
        throw UsageError(fmt::format("--rule: no rule is called '{}'; {}",
                                     name,
                                     nearest
                                         ? fmt::format("did you mean '{}'?", *nearest)
                                         : fmt::format("there are {}", fmt::join(known, ", "))));
    }

    std::vector<std::string> parts_{};
    std::vector<std::string> names_{};
    std::string explained_{};
    CommandOptions import_{};
    std::string tool_{};
    std::string import_file_{};
    CleanupRequest request_{};
};

std::unique_ptr<Job> make_cleanup_job() {
    return std::make_unique<CleanupJob>();
}

}  // namespace

JobEntry cleanup_job_entry() {
    return {.info = info, .make = make_cleanup_job};
}

}  // namespace caretaker

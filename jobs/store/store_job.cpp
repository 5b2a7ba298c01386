// SPDX-License-Identifier: Apache-2.0
// The command `store`: its subcommands and their options.
#include "jobs/store/store_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/options/command_options.hpp"
#include "common/text/bytes.hpp"
#include "common/text/duration.hpp"
#include "common/text/number.hpp"
#include "jobs/store/check_command.hpp"
#include "jobs/store/export_command.hpp"
#include "jobs/store/import_command.hpp"
#include "jobs/store/info_command.hpp"
#include "jobs/store/migrate_command.hpp"
#include "jobs/store/prune_command.hpp"
#include "jobs/store/reset_command.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "store",
    .summary = "Look after the file that keeps what runs did",
    .description =
        "The store is one SQLite file that runs make, prune and bring up to date by themselves; "
        "these commands are for the rest. `info` and `check` only read. `prune` does at once and "
        "to the end what runs do a little of each day. `migrate` brings a file of an older version "
        "up to date, after a copy. `reset` gives the file another name, so that the next run "
        "begins a new one; nothing is ever deleted. `export` writes runs, actions, metrics, "
        "findings, samples, events and holds as lines of JSON; `import` adds them to another "
        "store, all of a file or nothing, and twice does no harm.",
    .examples =
        "  caretaker store info\n"
        "      where it lies, how large it is, what it holds\n"
        "  caretaker store check\n"
        "      whether the whole file is sound; exit 9 when it is damaged\n"
        "  caretaker store check --nagios\n"
        "      the same as a plugin of Nagios or Icinga\n"
        "  caretaker store prune --dry-run --runs 90d\n"
        "      how many rows would go if runs were kept for 90 days\n"
        "  caretaker store migrate --check\n"
        "      whether this version would change the file's schema\n"
        "  caretaker store reset --yes\n"
        "      puts a damaged file aside\n"
        "  caretaker store export --out runs.jsonl\n"
        "      to keep, or to read with other programs\n"
        "  ssh agent-2 caretaker store export | caretaker store import -\n"
        "      the history of another host\n",
    .kind = JobKind::administer,
    .tolerates = Tolerance::wrong_settings,
};

constexpr std::chrono::hours least_kept = std::chrono::days(1);
constexpr std::chrono::hours longest_kept = std::chrono::days(10'000);
constexpr std::int64_t most_kept = 1'000'000'000;
constexpr std::uint64_t least_size = std::uint64_t{1} << 20U;

std::string read_kept(const std::string& text, std::optional<std::chrono::hours>& limit) {
    const auto duration = parse_duration(text);
    if (!duration || *duration < least_kept || *duration > longest_kept) {
        return fmt::format("'{}' is not a duration from 1d to 10000d; write 30d or 8w", text);
    }
    limit = std::chrono::floor<std::chrono::hours>(*duration);
    return {};
}

std::string read_size(const std::string& text, std::optional<std::uint64_t>& limit) {
    const auto bytes = parse_bytes(text);
    if (!bytes || *bytes < least_size) {
        return fmt::format("'{}' is not a size from 1MiB on; write 500MiB or 2GiB", text);
    }
    limit = *bytes;
    return {};
}

std::string check_kept_number(const std::string& text) {
    return check_whole_number(text, 0, most_kept);
}

/// Adds the limits to `store prune`, in the words of the keys that they go over.
class LimitOptions {
 public:
    explicit LimitOptions(CommandOptions& command) : command_(command) {}

    void kept(const char* name, std::optional<std::chrono::hours>& limit, const char* help) {
        command_.add_reader(name,
                            [&limit](const std::string& text) { return read_kept(text, limit); },
                            help,
                            {.type = "DURATION", .group = group});
    }

    void size(const char* name, std::optional<std::uint64_t>& limit, const char* help) {
        command_.add_reader(name,
                            [&limit](const std::string& text) { return read_size(text, limit); },
                            help,
                            {.type = "SIZE", .group = group});
    }

    void number(const char* name, std::optional<std::int64_t>& limit, const char* help) {
        command_.add(name, limit, help, {.type = "N", .group = group, .check = check_kept_number});
    }

 private:
    static constexpr const char* group = "Limits";

    CommandOptions& command_;
};

class StoreJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        info_ = command.add_form("info", "Where it lies, how large it is, what it holds");
        check_ = command.add_form("check", "Look through the whole file for damage");
        check_.add_flag(
            "--nagios", as_plugin_, "Print one line and return the code of a monitoring plugin");
        prune_ = command.add_form("prune", "Take away what is old, to the end");
        describe_prune(prune_);
        migrate_ = command.add_form("migrate", "Bring the file to the schema of this version");
        migrate_.add_flag("--check", check_only_, "Only say whether it is needed");
        reset_ = command.add_form("reset", "Put the file aside; the next run begins a new one");
        reset_.add_flag("--yes,-y", yes_, "Do not ask");
        export_ = command.add_form("export", "Write all of it as lines of JSON");
        export_.add(
            "--out", export_file_, "Where to; without it to standard output", {.type = "FILE"});
        import_ = command.add_form("import", "Add what another store exported");
        describe_import(import_);
        command.require_form();
    }

    [[nodiscard]] bool opens_store_itself() const override { return true; }

    [[nodiscard]] bool changes_store() const override {
        return (prune_.is_given() && !prune_options_.dry_run) || migrate_.is_given() ||
               reset_.is_given() || (import_.is_given() && !import_options_.dry_run);
    }

    [[nodiscard]] ExitCode code_when_failed() const override { return ExitCode::store; }

    Report run(Context& context) override {
        if (info_.is_given()) {
            return show_store_info(context);
        }
        if (check_.is_given()) {
            return check_store_file(context);
        }
        if (prune_.is_given()) {
            return prune_store(context, prune_options_);
        }
        if (migrate_.is_given()) {
            return migrate_store(context, check_only_);
        }
        if (reset_.is_given()) {
            return reset_store(context, yes_);
        }
        return export_.is_given() ? export_store(context, export_file_)
                                  : import_store(context, import_options_);
    }

 private:
    void describe_import(CommandOptions& command) {
        command.add("file",
                    import_options_.file,
                    "An export, or - for standard input",
                    {.type = "FILE", .required = true});
        command.add_flag("-n,--dry-run", import_options_.dry_run, "Only check the file");
        command.add_flag("--holds",
                         import_options_.with_holds,
                         "Holds too: they keep jobs of this store from running");
    }

    void describe_prune(CommandOptions& command) {
        PruneOptions& options = prune_options_;
        command.add_flag("-n,--dry-run", options.dry_run, "Only count what would go");
        LimitOptions limits(command);
        limits.kept("--runs", options.runs, "How long runs are kept with their actions");
        limits.number("--runs-per-job",
                      options.runs_per_job,
                      "So many runs of each job and target stay whatever their age");
        limits.kept("--run-metrics", options.run_metrics, "How long metrics of every run are kept");
        limits.kept("--samples-60s", options.samples_60s, "How long samples of a minute are kept");
        limits.kept(
            "--samples-600s", options.samples_600s, "How long samples of ten minutes are kept");
        limits.kept(
            "--samples-3600s", options.samples_3600s, "How long samples of an hour are kept");
        limits.kept("--findings", options.findings, "How long resolved findings are kept");
        limits.kept("--events", options.events, "How long events are kept");
        limits.kept("--outbox", options.outbox, "How long documents wait that cannot be sent");
        limits.number("--snapshots", options.snapshots, "So many of each job and target stay");
        limits.size("--max-bytes",
                    options.max_bytes,
                    "Keep samples and metrics shorter until the file fits into that");
    }

    CommandOptions info_{};
    CommandOptions check_{};
    CommandOptions prune_{};
    CommandOptions migrate_{};
    CommandOptions reset_{};
    CommandOptions export_{};
    CommandOptions import_{};
    PruneOptions prune_options_{};
    ImportOptions import_options_{};
    std::string export_file_{};
    bool check_only_ = false;
    bool as_plugin_ = false;  // the program sees to it
    bool yes_ = false;
};

}  // namespace

std::unique_ptr<Job> make_store_job() {
    return std::make_unique<StoreJob>();
}

JobEntry store_job_entry() {
    return {.info = info, .make = make_store_job};
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// A job: what each command of the binary implements, and the row that announces it.
#pragma once

#include "common/base/exit_code.hpp"
#include "common/base/report.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

class CommandOptions;
class Settings;
class UpkeepJob;
struct Context;

enum class JobKind {
    upkeep,      // changes things: an UpkeepJob, which plans first and needs --yes
    check,       // reads and judges things; recorded
    inspect,     // only shows what is known already: no lock, not recorded, no metrics
    administer,  // changes only what caretaker itself keeps, e.g. a hold: opens the store for
                 // writing; no lock, not recorded, no metrics
};

/// Whether runs of that kind take a lock and leave a row in the store.
constexpr bool is_recorded(JobKind kind) {
    return kind == JobKind::upkeep || kind == JobKind::check;
}

/// What a command goes on with though it is not as it should be; stderr says so.
enum class Tolerance {
    nothing,
    wrong_settings,  // with the values that could be read, and the defaults, as long as it is
                     // certain which store is meant
    wrong_settings_and_store,  // whichever store is meant, and without one that cannot be used:
                               // Context::store_problem
    wrong_settings_as_result,  // shows what could be read; after it the problems are told as the
                               // error that they are
};

struct JobInfo {
    std::string_view name{};
    std::string_view summary{};      // one line of `caretaker --help`
    std::string_view description{};  // paragraph at the top of the job's own help
    std::string_view examples{};     // command lines, one a line, each followed by what it does
    JobKind kind = JobKind::check;
    Tolerance tolerates = Tolerance::nothing;
    std::chrono::milliseconds timeout{0};  // of a whole run unless --timeout says; 0: none
    std::string_view lock_note{};  // "; FORM waits 2m": what --on-locked has for a default of forms
    bool takes_nagios = false;     // --nagios, though its runs are not recorded: Report::nagios
    bool is_about_options = false;  // of all commands: Context::commands has them
};

class Job {
 public:
    virtual ~Job() = default;

    /// Binds the job's options and forms to `command`. No IO.
    virtual void describe(CommandOptions& command) = 0;

    /// The kind of the form of the command that was given; `announced` is that of its row. Only a
    /// form of a recorded job may differ, and only so that it shows without being a run.
    [[nodiscard]] virtual JobKind kind_of_form(JobKind announced) const { return announced; }

    /// What the form of the command that was given goes on with; `announced` is that of its row.
    [[nodiscard]] virtual Tolerance tolerance_of_form(Tolerance announced) const {
        return announced;
    }

    /// Whether the command, with the options it was given, is about the program alone: it then gets
    /// neither settings nor a store and works where both are broken. Only for kind `inspect`.
    [[nodiscard]] virtual bool stands_alone() const { return false; }

    /// Whether `path`, a file of --config, is one of the job's own kind, which it reads itself in
    /// configure(), and no caretaker.yml. Reads that file at most.
    [[nodiscard]] virtual bool claims_config(const std::string& /*path*/) { return false; }

    /// Takes from options and settings what the run needs, so that a mistake in them shows before
    /// anything is started: throws UsageError (exit 2, no run is recorded). Reads files at most, no
    /// service.
    virtual void configure(const Settings& /*settings*/, const std::string& /*target*/) {}

    /// Whether the target has what the command, with the options it was given, is about; a run for
    /// all targets passes over the others. After it configure() is called for each, and again for
    /// each before its run.
    [[nodiscard]] virtual bool concerns(const Settings& /*settings*/,
                                        const std::string& /*target*/) const {
        return true;
    }

    /// Whether what was asked for writes into the store; only of commands of kind `inspect`, which
    /// else get one that can be read only. A store that does not exist yet is not made for it.
    [[nodiscard]] virtual bool changes_store() const { return false; }

    /// What a monitoring plugin is told of a run that came to its end with `report`; nothing: the
    /// exit code and the worst finding say so.
    [[nodiscard]] virtual std::optional<NagiosState> plugin_state(const Report& /*report*/) const {
        return std::nullopt;
    }

    /// Whether the command opens the store by itself, as Context::store_access says, or not at all:
    /// the one that is about its file, which may be missing, damaged or of another version, and
    /// those that need none. Not for recorded jobs.
    [[nodiscard]] virtual bool opens_store_itself() const { return false; }

    /// The exit code of an outcome `failed` of this command; not for recorded jobs.
    [[nodiscard]] virtual ExitCode code_when_failed() const { return ExitCode::failed; }

    /// Does the work. Throws Error when the run as a whole cannot go on.
    virtual Report run(Context& context) = 0;

    /// This job as one of kind `upkeep`, whose parts the runner calls instead of run().
    virtual UpkeepJob* as_upkeep() { return nullptr; }
};

struct JobEntry {
    JobInfo info{};
    std::unique_ptr<Job> (*make)() = nullptr;
};

}  // namespace caretaker

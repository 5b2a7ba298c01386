// SPDX-License-Identifier: Apache-2.0
// The part `mesos` of a cleanup: sandboxes of runs that are over, and of agents that are no more.
// What is over is the agent's to say; without its answer nothing goes.
#pragma once

#include "common/clients/mesos_agent_state.hpp"
#include "common/http/service_http.hpp"
#include "jobs/cleanup/rule_work.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Settings;
struct Context;

struct SandboxSettings {
    std::string work_dir{};
    ServiceOptions agent{};
    std::chrono::milliseconds older_than{};
    std::chrono::milliseconds orphans_older_than{};
    std::int64_t keep_newest = 0;  // of each executor
    bool dead_agents = true;
    std::uint64_t truncate_over = 0;  // bytes of an output of a run that lives; 0: none
};

/// Nothing where cleanup.mesos_sandboxes.work_dir is not set. Throws UsageError.
std::optional<SandboxSettings> load_sandbox_settings(const Settings& settings,
                                                     const std::string& target);

class MesosSandboxes {
 public:
    MesosSandboxes(const SandboxSettings& settings, Context& context);

    /// Asks the agent, and says by rules what may go of what it knows to be over. They refer to
    /// this object. Throws RemoteError when the agent does not answer, or is not the one of that
    /// directory.
    std::vector<BoundRule> make_rules(DirectoryOpener& opener);

    /// Asks again before the first removal, and then unless the last answer is younger than a
    /// minute. False: the agent does not answer, or not well; from then on everything is spared.
    bool ask_again_when_due();

    [[nodiscard]] bool is_lost() const { return bool(lost_); }

    /// Throws why it was given up, as make_rules() does; nothing unless it was.
    void rethrow_loss() const;

 private:
    void ask();
    [[nodiscard]] FileRule make_output_rule() const;
    void check_directory(DirectoryOpener& opener) const;
    [[nodiscard]] bool runs_container(std::string_view name) const;
    [[nodiscard]] bool runs_executor(std::string_view name) const;

    SandboxSettings settings_;
    Context& context_;
    ServiceHttp http_;
    MesosAgentClient agent_{http_};
    MesosAgentState state_{};
    std::optional<std::chrono::steady_clock::time_point> asked_at_{};  // since it is acted on
    std::exception_ptr lost_{};
};

/// Whether nothing is left of an executor's runs: its directory holds `runs`, and that at most the
/// link `latest`.
bool is_hollow_executor(const FileTree& tree, const Unit& unit);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The platform that the sandbox's Mesos and Marathon show: agents, frameworks, tasks, apps.
#pragma once

#include "tests/sandbox/platform_resources.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// What the master says it is; documents look as that version's do.
struct MesosVersion {
    int major = 1;
    int minor = 11;
    int patch = 0;

    [[nodiscard]] bool since(int wanted_major, int wanted_minor) const {
        return major != wanted_major ? major > wanted_major : minor >= wanted_minor;
    }

    [[nodiscard]] std::string text() const;
};

/// "1.11.0", "0.22"; nothing for what is no version.
std::optional<MesosVersion> parse_mesos_version(std::string_view text);

/// As an agent is started with.
struct FakeAttribute {
    enum class Kind { text, scalar, ranges, set };
    std::string name{};
    Kind kind = Kind::text;
    std::string text{};
    std::int64_t milli = 0;
    std::vector<FakeRange> ranges{};
    std::vector<std::string> items{};
};

/// The value as the object `attributes` shows it where it is text: "[1-3, 7-9]", "{a, b}".
std::string format_attribute(const FakeAttribute& attribute);

enum class AgentState {
    active,
    deactivated,   // by the operator; tasks go on
    draining,      // tasks are being killed
    drained,       // no tasks
    disconnected,  // the master still waits for it
    unreachable,   // not listed; its tasks are under unreachable_tasks
    recovered,     // known from the registry, not back since the leader changed
    down,          // its machine is down for maintenance; not listed
};

/// Thousandths.
struct FakeAmounts {
    std::int64_t cpus = 0;
    std::int64_t mem = 0;
    std::int64_t disk = 0;
    std::int64_t gpus = 0;
};

struct FakeAgent {
    std::string id{};
    std::string hostname{};
    std::string ip{"127.0.0.1"};
    int port = 5051;
    std::vector<FakeAttribute> attributes{};
    std::vector<FakeResource> total{};
    AgentState state = AgentState::active;
    std::string region{};  // empty: no fault domain
    std::string zone{};
    std::int64_t registered_ms = 0;
    std::int64_t drain_started_ms = 0;
    std::vector<std::string> tasks{};  // ids, terminal ones left out
    FakeAmounts free{};                // of what is not reserved

    /// Whether /slaves shows it.
    [[nodiscard]] bool is_listed() const;
};

struct FakeTask {
    std::string id{};
    std::string name{};
    std::string executor_id{};  // empty: a command task
    std::size_t framework = 0;
    std::size_t agent = 0;
    std::string state{"TASK_RUNNING"};
    std::string role{"*"};  // to which it is allocated
    FakeAmounts amounts{};
    std::vector<std::int64_t> ports{};
    std::string from_role{};  // the reservation it uses; empty: what is not reserved
    std::string container_id{};
    std::int64_t staged_ms = 0;
    std::int64_t started_ms = 0;  // 0: not yet
    std::string app{};            // of Marathon: "/prod/kibana"
    std::string app_version{};
    bool is_healthy = true;
    std::int64_t due_ms = 0;  // when it starts running or is gone; 0: nothing is to come
};

/// What a task takes of its agent.
std::vector<FakeResource> resources_of(const FakeTask& task, const FakeAgent& agent);

/// A framework's own executor, which uses resources beside its tasks.
struct FakeExecutor {
    std::string id{};
    std::string name{};
    std::size_t framework = 0;
    std::size_t agent = 0;
    std::string role{"*"};
    std::string from_role{};
    std::int64_t cpus = 0;
    std::int64_t mem = 0;
    std::int64_t disk = 0;
};

struct FakeFramework {
    std::string id{};
    std::string name{};
    std::vector<std::string> roles{"*"};
    std::vector<std::string> capabilities{};
    bool is_active = true;
    bool is_connected = true;
    bool is_completed = false;
    std::string user{"root"};
    std::string principal{};
    std::string hostname{"sched1.example"};
    std::string webui_url{};
    double failover_timeout = 0;
    bool is_checkpointing = true;
    std::int64_t registered_ms = 0;

    [[nodiscard]] bool can(std::string_view capability) const;
};

struct FakeOffer {
    std::string id{};
    std::size_t framework = 0;
    std::size_t agent = 0;
    std::string role{"*"};
    std::vector<FakeResource> resources{};  // allocated to `role`
};

struct FakeQuota {
    std::map<std::string, std::int64_t> guarantee{};  // by resource, thousandths
    std::map<std::string, std::int64_t> limit{};
};

struct FakeMachine {
    std::string hostname{};
    std::string ip{};
};

struct FakeWindow {
    std::vector<FakeMachine> machines{};
    std::int64_t start_ns = 0;
    std::optional<std::int64_t> duration_ns{};
};

/// A running Marathon app.
struct FakeApp {
    std::map<std::string, std::string> fields{};  // of the definition, as JSON: "cpus": "0.5"
    std::string version{};                        // "2026-11-26T05:06:15.123Z"
    std::string last_scaling_at{};
    std::string last_config_change_at{};
    std::map<std::string, std::map<std::string, std::string>> versions{};  // earlier ones, too
    std::string last_failure{};                                            // JSON; empty: none
    std::int64_t backoff_until_ms = 0;
};

struct FakePodContainer {
    std::string name{};
    FakeAmounts amounts{};
    std::size_t endpoints = 0;  // each with a port of the host
};

/// Its containers are tasks, "ID.CONTAINER".
struct FakePodInstance {
    std::string id{};  // "web_search.instance-UUID"
    std::size_t agent = 0;
    std::string version{};
    std::int64_t since_ms = 0;
};

/// A pod of Marathon's: containers that start and end together.
struct FakePod {
    std::vector<FakePodContainer> containers{};
    std::size_t instances = 1;  // wanted
    std::string version{};
    std::string constraints{"[]"};  // [["hostname","UNIQUE"]], as an app has them
    std::vector<FakePodInstance> placed{};
};

struct FakeDeploymentStep {
    std::string action{};  // ScaleApplication, …
    std::string app{};
};

struct FakeDeployment {
    std::string id{};
    std::string version{};
    std::vector<std::vector<FakeDeploymentStep>> steps{};
    std::size_t current_step = 0;  // from 0
    /// What a rollback brings back: definitions before, or none where the app is new.
    std::map<std::string, std::optional<FakeApp>> before{};
};

/// How long things take; a deployment is over when all that it waits for is.
struct FakePace {
    std::int64_t staging_ms = 3'000;  // from TASK_STAGING to TASK_RUNNING
    std::int64_t killing_ms = 2'000;  // from TASK_KILLING to its end
};

struct MarathonState {
    std::string version{"1.10.26"};
    std::map<std::string, FakeApp> apps{};  // by id
    std::map<std::string, FakePod> pods{};  // by id
    std::vector<FakeDeployment> deployments{};
    std::map<std::string, std::string> queued_since{};  // app ids that wait for offers
    FakePace pace{};
    std::size_t framework = 0;
    std::optional<std::size_t> leader = 0;  // index of the instance
    std::uint64_t made = 0;                 // for ids
};

struct MesosState {
    MesosVersion version{};
    std::string master_id{"6a2b4f6e-0c8f-4f0e-9d4a-2f4f1f7a1c11"};
    std::string cluster{"sandbox"};
    std::optional<std::size_t> leader = 0;  // index of the master
    bool is_recovering = false;             // a new leader that has not read its registry
    std::int64_t started_ms = 0;
    std::int64_t elected_ms = 0;
    std::string region{"eu-north"};
    std::string zone{"eu-north-b"};
    std::map<std::string, std::string> flags{};
    std::string agent_work_dir{"/var/lib/mesos"};
    std::map<std::string, double> weights{};
    std::map<std::string, FakeQuota> quotas{};
    std::vector<FakeWindow> windows{};
    std::vector<std::string> hidden_roles{};  // that the reader may not see
    std::uint64_t offers_made = 0;
};

struct PlatformState {
    std::int64_t now_ms = 0;
    std::vector<FakeAgent> agents{};
    std::vector<FakeFramework> frameworks{};
    std::vector<FakeExecutor> executors{};
    std::vector<FakeOffer> offers{};
    std::map<std::string, FakeTask> tasks{};         // by id, terminal ones left out
    std::vector<FakeTask> completed_tasks{};         // newest last
    std::multimap<std::int64_t, std::string> due{};  // tasks by due_ms
    MesosState mesos{};
    MarathonState marathon{};

    /// Puts a task on its agent.
    FakeTask& add_task(FakeTask task);

    /// Moves a task to the completed ones, in that state.
    void end_task(const std::string& id, std::string state);

    /// When the clock comes to it, the task goes on.
    void set_due(FakeTask& task, std::int64_t due_ms);
};

/// What is used and offered, agent by agent. Refers to the state.
class PlatformIndex {
 public:
    explicit PlatformIndex(const PlatformState& state);

    /// By tasks and executors: typed, allocated.
    [[nodiscard]] std::vector<FakeResource> used_on(std::size_t agent) const;

    /// By outstanding offers.
    [[nodiscard]] std::vector<FakeResource> offered_on(std::size_t agent) const;

    /// What is neither used nor offered, without allocation.
    [[nodiscard]] std::vector<FakeResource> idle_on(std::size_t agent) const;

 private:
    const PlatformState* state_;
    std::multimap<std::size_t, const FakeExecutor*> executors_{};
    std::multimap<std::size_t, const FakeOffer*> offers_{};
};

/// "2026-11-26T05:06:15.123Z"
std::string format_millis(std::int64_t ms);

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
// Reads the documents of a Mesos master, each by what stands in it, while they arrive.
#pragma once

#include "common/json/json_elements.hpp"
#include "common/json/json_error.hpp"
#include "common/text/shared_text.hpp"
#include "jobs/leftovers/cluster_builder.hpp"
#include "jobs/leftovers/cluster_facts.hpp"
#include "jobs/leftovers/pod_documents.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

/// Takes a value that was used of a document; `pattern` is its place, as "/slaves/*".
using OnUsedValue = std::function<void(std::string_view pattern, JsonView value)>;

/// Knows /slaves, /state, /state-summary, /flags, /maintenance/schedule and /maintenance/status,
/// and of the operator API GET_AGENTS, GET_STATE, GET_MAINTENANCE_SCHEDULE, GET_MAINTENANCE_STATUS
/// and GET_FLAGS, of Mesos 0.21 to 1.12; /roles; of a Marathon /v2/info, /v2/apps, /v2/tasks,
/// /v2/pods, /v2/pods/::status and /v2/queue; and the time of a saved case. An agent, app or pod
/// that cannot be read is left out and told in ClusterFacts::unread.
class DocumentReader {
 public:
    explicit DocumentReader(OfferedResources offered) : builder_(offered) {}

    /// What of documents is used goes to `on_value`, too.
    void set_listener(OnUsedValue on_value) { on_value_ = std::move(on_value); }

    /// Reads one document; `what` begins messages about it. False where nothing in it is known.
    /// Throws JsonError, and what `source` throws.
    bool read(const JsonSource& source, const std::string& what);

    /// Whether a document in which nothing was known is one with an empty list. Throws as read().
    static bool has_empty_list(const JsonSource& source, const std::string& what);

    /// What was read so far, for rewind().
    struct Mark {
        ClusterBuilder::Mark builder{};
        PodDocuments::Mark pods{};
        std::size_t apps = 0;
        std::size_t tasks = 0;
        MarathonSettings settings{};
        std::map<std::string, std::int64_t> waiting{};
        std::vector<RoleQuota> quotas{};
        std::size_t windows = 0;
        std::size_t down_machines = 0;
        std::size_t unread = 0;
        MasterFlags flags{};
        std::optional<std::int64_t> unreachable{};
        std::string mesos_version{};
        std::string region{};
        bool is_workload_known = false;
        bool has_agents = false;
        bool knows_marathon_leader = false;
    };

    [[nodiscard]] Mark mark() const;

    /// Forgets what was read after `mark`: an answer that broke off and comes again, or documents
    /// of a master that leads no more.
    void rewind(const Mark& mark);

    /// The time that a saved case carries.
    [[nodiscard]] std::optional<WallTime> saved_time() const { return saved_time_; }

    /// Whether a document listed any agent, remembered ones included.
    [[nodiscard]] bool has_agents() const { return has_agents_; }

    /// Whether it is not known what is in use on some agents, unless /state tells its tasks.
    [[nodiscard]] bool needs_tasks() const { return builder_.needs_uses(); }

    /// Whether agents have a region, and the master's was not told.
    [[nodiscard]] bool needs_region() const { return builder_.has_regions() && region_.empty(); }

    /// Whether a Marathon told of an instance of itself that leads.
    [[nodiscard]] bool knows_marathon_leader() const { return knows_marathon_leader_; }

    /// Of pods that were told in part alone, none count.
    void forget_pods() { pods_ = {}; }

    /// What was read, once; the tasks in the order of their ids, and without them.
    ClusterFacts finish();

 private:
    struct Place;
    static std::span<const Place> places();

    void take_agent(JsonView value);
    void take_v1_agent(JsonView value);
    void add_agent(JsonView value, MesosAgent (*read_agent)(JsonView));
    void take_unreachable(JsonView value);
    void take_master(JsonView value);
    void take_version(JsonView value);
    void take_leader(JsonView value);
    void take_case(JsonView value);
    void take_recovered(JsonView value);
    void take_use(JsonView value);
    void take_v1_recovered(JsonView value);
    void take_flag(std::string_view name, JsonView value);
    void take_flags(JsonView value);
    void take_v1_flag(JsonView value);
    void take_window(JsonView value);
    void take_down_machine(JsonView value);
    void take_role(JsonView value);
    void take_app(JsonView value);
    void take_task(JsonView value);
    void take_pod(JsonView value);
    void take_queued(JsonView value);
    void take_marathon_config(JsonView value);
    void note_unread(JsonView value, std::string_view kind, const JsonError& error);
    void drop_repeated();

    ClusterBuilder builder_;
    ClusterFacts facts_{};
    SharedTexts texts_{};  // of tasks, which name the same apps and agents again and again
    PodDocuments pods_{};
    OnUsedValue on_value_{};
    std::optional<WallTime> saved_time_{};
    std::string region_{};  // of the master
    bool has_agents_ = false;
    bool knows_marathon_leader_ = false;
    bool is_marathons_ = false;  // the document at hand
    std::string version_{};      // in it
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Reads the documents of a Mesos master, each by what stands in it, while they arrive.
#pragma once

#include "common/json/json_elements.hpp"
#include "jobs/leftovers/cluster_builder.hpp"
#include "jobs/leftovers/cluster_facts.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

/// Takes a value that was used of a document; `pattern` is its place, as "/slaves/*".
using OnUsedValue = std::function<void(std::string_view pattern, JsonView value)>;

/// Knows /slaves, /state, /state-summary, /flags, /maintenance/schedule and /maintenance/status,
/// and of the operator API GET_AGENTS, GET_STATE, GET_MAINTENANCE_SCHEDULE, GET_MAINTENANCE_STATUS
/// and GET_FLAGS, of Mesos 0.21 to 1.12; and the time of a saved case. An agent that cannot be read
/// is left out and told in ClusterFacts::unread.
class DocumentReader {
 public:
    explicit DocumentReader(OfferedResources offered) : builder_(offered) {}

    /// What of documents is used goes to `on_value`, too.
    void set_listener(OnUsedValue on_value) { on_value_ = std::move(on_value); }

    /// Reads one document; `what` begins messages about it. False where nothing in it is known.
    /// Throws JsonError, and what `source` throws.
    bool read(const JsonSource& source, const std::string& what);

    /// The time that a saved case carries.
    [[nodiscard]] std::optional<WallTime> saved_time() const { return saved_time_; }

    /// Whether a document listed any agent, remembered ones included.
    [[nodiscard]] bool has_agents() const { return has_agents_; }

    /// Whether it is not known what is in use on some agents, unless /state tells its tasks.
    [[nodiscard]] bool needs_tasks() const { return builder_.needs_uses(); }

    /// What was read, once.
    ClusterFacts finish();

 private:
    void take(std::size_t pattern, JsonView value);
    void take_agent(JsonView value, MesosAgent (*read_agent)(JsonView));
    void take_recovered(JsonView value);
    void take_use(JsonView value);
    void take_v1_recovered(JsonView value);
    void take_flag(std::string_view name, JsonView value);
    void take_flags(JsonView value);
    void take_v1_flag(JsonView value);
    void take_window(JsonView value);
    void take_down_machine(JsonView value);

    ClusterBuilder builder_;
    ClusterFacts facts_{};
    OnUsedValue on_value_{};
    std::optional<WallTime> saved_time_{};
    bool has_agents_ = false;
};

}  // namespace caretaker

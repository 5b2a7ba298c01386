// SPDX-License-Identifier: Apache-2.0
// What all steps do alike at the server: send a change, judge its answer, wait for a condition.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/context.hpp"
#include "jobs/rotate/rotate_plan.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// How lists of indices are changed beside what an action file can say.
struct ChangeManners {
    std::size_t batch_size = 0;               // indices between two pauses; 0: no pauses
    std::chrono::milliseconds batch_pause{};  // how long each pause is
    /// How long is waited for a running snapshot that keeps an index from its deletion or closing.
    std::chrono::milliseconds snapshot_wait{};
};

/// What a step is carried out with; all must outlive it.
struct StepTools {
    SearchCluster& cluster;
    Context& context;
    ActionExecutor& executor;
    ChangeManners manners{};
    SteadyTime planned_at{};              // when the indices were listed
    std::vector<std::string> troubles{};  // what went wrong beside the actions themselves
};

/// The failure that an answer is for the thing it is about. The service's own troubles are thrown
/// (describe_status()).
ActionResult failure_of(const SearchCluster& cluster,
                        const HttpRequest& request,
                        const HttpResponse& response);

/// What an answer 2xx says of itself, such as "acknowledged": false; nothing when all went well.
std::optional<std::string> find_reservation(const HttpResponse& response, const std::string& what);

/// Sends a change and judges its answer by the two above.
ActionResult send_change(SearchCluster& cluster, const HttpRequest& request);

/// Waits, as the action's wait_interval and max_wait say, until `check` is true; false when
/// max_wait ran out. The first check comes at once. Throws Interrupted.
bool wait_until(Context& context, const ActionSpec& spec, const std::function<bool()>& check);

/// What the cluster says of its health, or of that of some indices.
struct IndexHealthFacts {
    bool is_green = false;
    std::int64_t relocating_shards = 0;
};

/// Of all indices, or of those of a comma list of names (encoded).
IndexHealthFacts fetch_health(SearchCluster& cluster, const std::string& names = {});

}  // namespace caretaker

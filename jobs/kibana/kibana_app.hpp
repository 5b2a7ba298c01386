// SPDX-License-Identifier: Apache-2.0
// A Kibana as Marathon keeps it.
#pragma once

#include "common/base/wall_time.hpp"
#include "common/json/json_view.hpp"
#include "jobs/kibana/kibana_labels_model.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

struct KibanaTask {
    std::string host{};
    std::int64_t port = 0;  // the first; 0: it has none
    bool is_running = false;
};

struct KibanaHealthCheck {
    std::string protocol{};  // "HTTP", "MESOS_HTTP", "COMMAND"
    std::chrono::milliseconds interval{60'000};
};

struct KibanaApp {
    std::string id{};  // "/kibana/ads"
    std::int64_t instances = 0;
    std::int64_t running = 0;
    bool is_deploying = false;
    bool is_queued = false;  // Marathon finds no place for it, or delays it
    double mem = 0;          // MiB of one instance
    AppLabels labels{};
    std::string version{};  // of its definition
    std::optional<WallTime> scaled_at{};
    std::optional<WallTime> configured_at{};
    std::optional<WallTime> made_at{};  // of the oldest definition that is kept; not always asked
    std::vector<KibanaTask> tasks{};
    std::vector<KibanaHealthCheck> health_checks{};
    std::string index{};  // of its saved objects, where its definition says: KIBANA_INDEX
};

/// An element of `apps` of GET /v2/apps?embed=apps.tasks&embed=apps.counts&embed=apps.deployments,
/// or `app` of GET /v2/apps/{id}; Marathon 0.8 to 1.11. Throws JsonError.
KibanaApp read_kibana_app(JsonView app);

/// Labels of an app, which may be missing. Throws JsonError.
AppLabels read_app_labels(JsonView app);

}  // namespace caretaker

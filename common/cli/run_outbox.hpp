// SPDX-License-Identifier: Apache-2.0
// Documents of runs on their way to Elasticsearch: made with the end of each run, sent after it,
// and again with later runs until they have arrived.
#pragma once

#include "common/base/finished_run.hpp"
#include "common/http/service_http.hpp"
#include "common/store/outbox.hpp"

#include <optional>
#include <vector>

namespace caretaker {

class Log;
class Settings;
class Store;
struct World;

class RunOutbox {
 public:
    /// Does nothing without `outbox.elasticsearch.urls`. Throws UsageError for wrong settings about
    /// it. `settings` outlives this.
    explicit RunOutbox(const Settings& settings);

    [[nodiscard]] bool is_used() const { return options_.has_value(); }

    [[nodiscard]] std::vector<OutboxDocument> make(const FinishedRun& run) const;

    /// Sends what is due, for 3 s at most, and nothing once a stop is requested. What does not
    /// arrive stays; the log tells of it. Throws StoreError alone.
    void send(const FinishedRun& run, Store& store, World& world, Log& log) const;

 private:
    const Settings& settings_;
    std::optional<ServiceOptions> options_{};
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// A way of its own to the index of leases, for one thread and one stop signal.
#pragma once

#include "common/base/context.hpp"
#include "common/clients/lease_index.hpp"
#include "common/http/service_http.hpp"

#include <chrono>
#include <optional>

namespace caretaker {

struct World;

class LeaseConnection {
 public:
    struct Surroundings {
        World& world;
        const Settings& settings;
        const RunInfo& run;
        Log& log;
        const StopSignal& stop;
    };

    struct Limits {
        std::chrono::milliseconds request{};      // no answer may take longer
        std::chrono::milliseconds retries_for{};  // from now on; what fails later has failed
    };

    /// `engine`: what answers, where that is known.
    LeaseConnection(ServiceOptions service,
                    const Limits& limits,
                    std::optional<SearchEngine> engine,
                    const Surroundings& around);

    [[nodiscard]] LeaseIndex& index() { return index_; }

 private:
    Context context_;
    ServiceHttp http_;
    LeaseIndex index_;
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Calls of a framework to the scheduler API of a Mesos master.
#pragma once

#include "common/base/context.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/service_http.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// A call with that body, as JSON.
HttpRequest scheduler_request(std::string body, std::chrono::milliseconds time);

/// Calls of a subscribed framework, over a connection of their own. They go out also after a stop:
/// each is short.
class FrameworkCalls {
 public:
    FrameworkCalls(const ServiceOptions& mesos, const Context& context);

    /// Throws RemoteError.
    void decline(const std::string& framework,
                 std::string_view stream,
                 const std::vector<std::string>& offers);

    /// Throws RemoteError.
    void tear_down(const std::string& framework, std::string_view stream);

 private:
    [[nodiscard]] HttpRequest request_of(std::string body,
                                         std::string_view stream,
                                         std::chrono::milliseconds time) const;

    const StopSignal& run_stop_;
    StopSignal no_stop_{};
    Context context_;
    ServiceHttp http_;
};

}  // namespace caretaker

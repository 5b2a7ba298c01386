// SPDX-License-Identifier: Apache-2.0
#include "common/cli/lease_connection.hpp"

#include "common/cli/world.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds stop_grace{100};  // an answer to a change that is missed is looked for later

ServiceOptions within(ServiceOptions service, milliseconds request) {
    HttpOptions& http = service.http;
    http.connect_timeout = std::min(http.connect_timeout, request);
    http.request_timeout = std::min(http.request_timeout, request);
    http.stop_grace = stop_grace;
    return service;
}

}  // namespace

LeaseConnection::LeaseConnection(ServiceOptions service,
                                 const Limits& limits,
                                 std::optional<SearchEngine> engine,
                                 const Surroundings& around)
    : context_{.clock = around.world.clock,
               .connect = around.world.connect,
               .store = nullptr,
               .log = around.log,
               .settings = around.settings,
               .stop = around.stop,
               .run = around.run,
               .deadline = around.world.clock.steady() + limits.retries_for},
      http_(within(std::move(service), limits.request), context_),
      index_(http_, std::move(engine)) {}

}  // namespace caretaker

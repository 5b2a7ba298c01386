// SPDX-License-Identifier: Apache-2.0
// Stands in for the OpenResty in front of the Kibanas: knows when each was last asked for, wakes
// nobody by itself, and writes the access log.
#pragma once

#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/fake_search.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/support/fake_server.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace caretaker::sandbox {

/// /kibana/TEAM/… is a request for the app /kibana/TEAM: 200 where a task runs, else 503 with a
/// page that waits. /__caretaker/last-access is {"started":ms,"apps":{"/kibana/TEAM":ms}},
/// /__caretaker/canary a line of the log. Serves from construction to destruction.
class FakeProxy {
 public:
    FakeProxy(FakePlatform& platform, FakeSearch& search);
    FakeProxy(const FakeProxy&) = delete;
    FakeProxy& operator=(const FakeProxy&) = delete;

    [[nodiscard]] std::string url() const { return server_.url(""); }

    /// Forgets the last accesses, as a proxy does that was started anew.
    void restart();

    [[nodiscard]] FaultyHttp& http() { return http_; }

 private:
    ServedAnswer serve(const HttpRequest& request);
    void log(const std::string& app, const HttpRequest& request, int status);

    FakePlatform& platform_;
    FakeSearch& search_;
    std::mutex mutex_{};
    std::int64_t started_ms_ = 0;
    std::map<std::string, std::int64_t> last_{};
    FaultyHttp http_{};
    FakeServer server_{};  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
// A Kibana of our own on loopback: status in the shapes of its versions, saved objects, and a
// count of requests as its metrics show it. Written from documentation, not from our client.
#pragma once

#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/kibana_state.hpp"
#include "tests/support/fake_server.hpp"

#include <cstdint>
#include <mutex>
#include <string>

namespace caretaker::sandbox {

/// Serves from construction to destruction.
class FakeKibana {
 public:
    /// Throws std::system_error for a port that is taken.
    explicit FakeKibana(KibanaState state,
                        std::uint16_t port = 0,
                        const std::string& address = "127.0.0.1");
    FakeKibana(const FakeKibana&) = delete;
    FakeKibana& operator=(const FakeKibana&) = delete;

    [[nodiscard]] std::string url() const { return server_.url(""); }

    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

    /// Calls `change` with the state, while no request is answered.
    template <typename Change>
    auto with_state(Change change) {
        const std::lock_guard lock(mutex_);
        return change(state_);
    }

    [[nodiscard]] FaultyHttp& http() { return http_; }

 private:
    ServedAnswer serve(const HttpRequest& request);

    std::mutex mutex_{};
    KibanaState state_;
    FaultyHttp http_{};
    FakeServer server_;  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox

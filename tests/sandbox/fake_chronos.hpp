// SPDX-License-Identifier: Apache-2.0
// A Chronos of our own on loopback: jobs are stored, listed and refused as its versions do; none
// runs by itself. Written from recorded answers and documentation, not from our client.
#pragma once

#include "tests/sandbox/chronos_state.hpp"
#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/support/fake_server.hpp"

#include <mutex>
#include <string>

namespace caretaker::sandbox {

/// Serves from construction to destruction, by the platform's clock.
class FakeChronos {
 public:
    FakeChronos(FakePlatform& platform, ChronosVersion version);
    FakeChronos(const FakeChronos&) = delete;
    FakeChronos& operator=(const FakeChronos&) = delete;

    [[nodiscard]] std::string url() const { return server_.url(""); }

    /// "/v1/scheduler" or "/scheduler".
    [[nodiscard]] std::string prefix() const;

    /// Calls `change` with the state, while no request is answered.
    template <typename Change>
    auto with_state(Change change) {
        const std::lock_guard lock(mutex_);
        state_.now_ms = platform_.state()->now_ms;
        return change(state_);
    }

    [[nodiscard]] FaultyHttp& http() { return http_; }

 private:
    FakePlatform& platform_;
    mutable std::mutex mutex_{};
    ChronosState state_{};
    FaultyHttp http_{};
    FakeServer server_{};  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox

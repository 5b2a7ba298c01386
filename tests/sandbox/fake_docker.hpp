// SPDX-License-Identifier: Apache-2.0
// A Docker Engine of our own on a unix socket: lists, inspects, removes, prunes, tells events.
// Written from the documented API and from what real Engines answered, not from our client.
#pragma once

#include "tests/sandbox/docker_state.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/wake_up_list.hpp"
#include "tests/support/fake_server.hpp"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// Serves from construction to destruction; then the socket's file goes.
class FakeDocker {
 public:
    /// Throws UsageError where the path is too long for a socket or something is there.
    FakeDocker(DockerState state, std::filesystem::path socket);
    ~FakeDocker();
    FakeDocker(const FakeDocker&) = delete;
    FakeDocker& operator=(const FakeDocker&) = delete;

    [[nodiscard]] const std::filesystem::path& socket() const { return socket_; }

    /// Calls `change` with the state, while no request is answered.
    template <typename Change>
    auto with_state(Change change) {
        const std::lock_guard lock(mutex_);
        catch_up();

        struct Announce {
            WakeUpList* waiters;

            ~Announce() { waiters->wake_all(); }
        } const announce{&waiters_};

        return change(state_);
    }

    /// From now on the Engine's clock goes with the real one.
    void follow_real_time();

    /// An `event` may be "gone:CONTAINER", "start:CONTAINER" or "untag:IMAGE": somebody else does
    /// so just before the answer.
    [[nodiscard]] FaultyHttp& http() { return http_; }

 private:
    ServedAnswer serve(const HttpRequest& request);
    ServedAnswer serve_events(const HttpRequest& request);
    void happen(std::string_view event);
    void catch_up();

    std::filesystem::path socket_;
    std::mutex mutex_{};
    DockerState state_;
    std::optional<std::chrono::steady_clock::time_point> followed_since_{};
    WakeUpList waiters_{};
    FaultyHttp http_;
    FakeServer server_;  // last: it serves until it is gone
};

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
// The platform that several services of the sandbox share, with its clock.
#pragma once

#include "tests/sandbox/platform_state.hpp"
#include "tests/sandbox/wake_up_list.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace caretaker::sandbox {

/// Safe to use from any thread. Readers get a state that nobody changes any more, so that a large
/// document can be sent at leisure while the platform goes on.
class FakePlatform {
 public:
    explicit FakePlatform(PlatformState state);

    /// As of now.
    [[nodiscard]] std::shared_ptr<const PlatformState> state();

    /// Calls `change` with the state as of now, while nobody else changes it.
    template <typename Change>
    auto change(Change change) {
        const std::lock_guard lock(mutex_);
        PlatformState& writable = prepare();

        struct Announce {  // also when `change` returns a value or throws
            FakePlatform* platform;

            ~Announce() { platform->waiters_.wake_all(); }
        } const announce{this};

        return change(writable);
    }

    /// Moves the platform's clock; what comes due on the way happens.
    void advance(std::chrono::milliseconds duration);

    /// From now on the clock goes with the real one, and can be advanced beside that.
    void follow_real_time();

    /// Woken after each change.
    [[nodiscard]] WakeUpList& waiters() { return waiters_; }

 private:
    using SteadyTime = std::chrono::steady_clock::time_point;

    /// The state brought to the present, and a copy of its own where readers hold it.
    PlatformState& prepare();
    [[nodiscard]] std::int64_t now_ms() const;

    std::mutex mutex_{};
    std::shared_ptr<PlatformState> state_;
    std::optional<SteadyTime> followed_since_{};
    WakeUpList waiters_{};
};

}  // namespace caretaker::sandbox

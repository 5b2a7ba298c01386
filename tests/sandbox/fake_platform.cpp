// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_platform.hpp"

#include "tests/sandbox/marathon_deployments.hpp"

namespace caretaker::sandbox {

FakePlatform::FakePlatform(PlatformState state)
    : state_(std::make_shared<PlatformState>(std::move(state))) {}

std::shared_ptr<const PlatformState> FakePlatform::state() {
    const std::lock_guard lock(mutex_);
    // What readers hold is copied only where something has happened.
    const bool is_due = !state_->due.empty() && state_->due.begin()->first <= now_ms();
    if (state_.use_count() == 1 || is_due) {
        prepare();
    }
    return state_;
}

std::int64_t FakePlatform::now_ms() const {
    using namespace std::chrono;
    const auto passed = followed_since_ ? steady_clock::now() - *followed_since_ : nanoseconds(0);
    return state_->now_ms + duration_cast<milliseconds>(passed).count();
}

void FakePlatform::advance(std::chrono::milliseconds duration) {
    change([&](PlatformState& state) {
        advance_platform(state, state.now_ms + duration.count());
        return 0;
    });
}

void FakePlatform::follow_real_time() {
    const std::lock_guard lock(mutex_);
    followed_since_ = std::chrono::steady_clock::now();
}

PlatformState& FakePlatform::prepare() {
    if (state_.use_count() > 1) {
        state_ = std::make_shared<PlatformState>(*state_);
    }
    if (followed_since_) {
        const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - *followed_since_);
        *followed_since_ += passed;
        const std::int64_t now = state_->now_ms + passed.count();
        const bool is_due = !state_->due.empty() && state_->due.begin()->first <= now;
        advance_platform(*state_, now);
        if (is_due) {
            waiters_.wake_all();
        }
    }
    return *state_;
}

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_chronos.hpp"

#include "tests/sandbox/chronos_api.hpp"

namespace caretaker::sandbox {

FakeChronos::FakeChronos(FakePlatform& platform, ChronosVersion version) : platform_(platform) {
    state_.version = version;
    server_.answer_by([this](const HttpRequest& request) {
        return http_.answer(request, [this](const HttpRequest& passed) {
            return with_state([&](ChronosState& state) { return answer_chronos(state, passed); });
        });
    });
}

std::string FakeChronos::prefix() const {
    const std::lock_guard lock(mutex_);
    return state_.version.since(3) ? "/v1/scheduler" : "/scheduler";
}

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_kibana.hpp"

#include "tests/sandbox/kibana_api.hpp"

#include <utility>

namespace caretaker::sandbox {

FakeKibana::FakeKibana(KibanaState state, std::uint16_t port, const std::string& address)
    : state_(std::move(state)), server_(port, address) {
    server_.answer_by([this](const HttpRequest& request) {
        return http_.answer(request, [this](const HttpRequest& passed) { return serve(passed); });
    });
}

ServedAnswer FakeKibana::serve(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    // Whoever asks is counted, too.
    ServedAnswer answer = answer_kibana(state_, request);
    state_.request_times_ms.push_back(state_.now_ms);
    return answer;
}

}  // namespace caretaker::sandbox

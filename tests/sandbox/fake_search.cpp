// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_search.hpp"

#include "tests/sandbox/search_handlers.hpp"

#include <chrono>

namespace caretaker::sandbox {

FakeSearch::FakeSearch(SearchVersion version) : state_{.version = version} {
    using namespace std::chrono;
    state_.now_ms = floor<milliseconds>(system_clock::now()).time_since_epoch().count();
    server_ = std::make_unique<FakeServer>();
    server_->answer_by([this](const HttpRequest& request) { return answer(request); });
}

std::string FakeSearch::url() const {
    return server_->url("");
}

std::map<std::string, std::uint64_t> FakeSearch::request_counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

std::optional<std::chrono::steady_clock::time_point> FakeSearch::first_request_at() const {
    const std::lock_guard lock(mutex_);
    return first_request_at_;
}

void FakeSearch::begin_anew() {
    const std::lock_guard lock(mutex_);
    counts_.clear();
    first_request_at_.reset();
}

ServedAnswer FakeSearch::answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    if (!first_request_at_) {
        first_request_at_ = std::chrono::steady_clock::now();
    }
    ++counts_[std::string(to_string(request.method))];
    return answer_search(state_, request);
}

}  // namespace caretaker::sandbox

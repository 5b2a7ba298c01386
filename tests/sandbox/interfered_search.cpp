// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/interfered_search.hpp"

#include "tests/sandbox/search_handlers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace caretaker::sandbox {

InterferedSearch::InterferedSearch(std::string_view version) {
    const auto parsed = parse_search_version(version);
    if (!parsed) {
        throw std::runtime_error(fmt::format("no version: {}", version));
    }
    state_.version = *parsed;
    using namespace std::chrono;
    state_.now_ms = floor<milliseconds>(system_clock::now()).time_since_epoch().count();
    server_.answer_by([this](const HttpRequest& request) { return answer(request); });
}

ServedAnswer InterferedSearch::answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    if (interference_) {
        if (auto replaced = interference_(state_, request)) {
            return std::move(*replaced);
        }
    }
    return answer_search(state_, request);
}

void InterferedSearch::interfere(Interference interference) {
    const std::lock_guard lock(mutex_);
    interference_ = std::move(interference);
}

std::size_t InterferedSearch::count(HttpMethod method) const {
    const auto requests = server_.requests();
    return static_cast<std::size_t>(std::ranges::count(requests, method, &HttpRequest::method));
}

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/rotate/troubled_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace caretaker::testing {

TroubledSearch::TroubledSearch(std::string_view version) {
    const auto parsed = sandbox::parse_search_version(version);
    if (!parsed) {
        throw std::runtime_error(fmt::format("no version: {}", version));
    }
    state_.version = *parsed;
    using namespace std::chrono;
    state_.now_ms = floor<milliseconds>(system_clock::now()).time_since_epoch().count();
    server_.answer_by([this](const HttpRequest& request) { return answer(request); });
}

ServedAnswer TroubledSearch::answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    if (interference_) {
        if (auto replaced = interference_(state_, request)) {
            return std::move(*replaced);
        }
    }
    return sandbox::answer_search(state_, request);
}

void TroubledSearch::interfere(Interference interference) {
    const std::lock_guard lock(mutex_);
    interference_ = std::move(interference);
}

RotationPlace TroubledSearch::place() const {
    return {.binary = CARETAKER_BINARY,
            .url = server_.url(""),
            .home = home_,
            .limit = std::chrono::seconds(60),
            .environment = {variables_.begin(), variables_.end()}};
}

Rotation TroubledSearch::rotate(const std::string& actions, std::vector<std::string> options) {
    return run_rotation(place(), actions, std::move(options));
}

ChildProcess TroubledSearch::start(const std::string& actions, std::vector<std::string> options) {
    return ChildProcess(rotation_command(place(), actions, std::move(options)));
}

void TroubledSearch::set_variable(const std::string& name, const std::string& value) {
    variables_[name] = value;
}

std::string TroubledSearch::address() const {
    const std::string url = server_.url("");
    return url.substr(url.find("://") + 3);
}

std::size_t TroubledSearch::count(HttpMethod method) const {
    const auto requests = server_.requests();
    return static_cast<std::size_t>(std::ranges::count(requests, method, &HttpRequest::method));
}

}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
// Answers by route.
#include "tests/support/scripted_http.hpp"

#include "common/base/stop_signal.hpp"

#include <fmt/format.h>

namespace caretaker {

std::string request_target(const std::string& url) {
    const std::size_t host = url.find("://");
    const std::size_t target = host == std::string::npos ? host : url.find('/', host + 3);
    return target == std::string::npos ? "/" : url.substr(target);
}

void ScriptedHttp::answer(HttpMethod method, std::string target, HttpResponse response) {
    routes_[{method, std::move(target)}].emplace_back(std::move(response));
}

void ScriptedHttp::fail(HttpMethod method, std::string target, RemoteError error) {
    routes_[{method, std::move(target)}].emplace_back(std::move(error));
}

HttpResponse ScriptedHttp::send(const HttpRequest& request) {
    if (stop_ != nullptr) {
        stop_->check();
    }
    requests_.push_back(request);
    const std::string target = request_target(request.url);
    const auto route = routes_.find({request.method, target});
    if (route == routes_.end()) {
        return {.status = 404,
                .headers = {},
                .body = fmt::format("no route for {} {}", to_string(request.method), target)};
    }
    std::deque<Answer>& answers = route->second;
    Answer answer = answers.front();
    if (answers.size() > 1) {
        answers.pop_front();
    }
    if (const auto* error = std::get_if<RemoteError>(&answer)) {
        throw RemoteError(*error);
    }
    auto response = std::get<HttpResponse>(std::move(answer));
    if (request.method == HttpMethod::head) {
        response.body.clear();
    }
    if (response.body.size() > max_response_bytes_) {
        throw RemoteError(RemoteFailure::failed,
                          "response_too_large",
                          fmt::format("{}: answer larger than allowed", request.url));
    }
    return response;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Answers by route.
#include "tests/support/scripted_http.hpp"

#include "common/base/stop_signal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

std::string request_target(const std::string& url) {
    const std::size_t host = url.find("://");
    const std::size_t target = host == std::string::npos ? host : url.find('/', host + 3);
    return target == std::string::npos ? "/" : url.substr(target);
}

namespace {

/// Ends with its body.
class LiveAnswer final : public HttpLiveAnswer {
 public:
    explicit LiveAnswer(const HttpResponse& response) : response_(response) {}

    [[nodiscard]] std::string_view header(std::string_view name) const override {
        return response_.header(name);
    }

    std::optional<std::size_t> read(std::span<char> buffer,
                                    std::chrono::milliseconds /*limit*/) override {
        const std::size_t count = response_.body.copy(buffer.data(), buffer.size(), at_);
        at_ += count;
        return count;
    }

 private:
    const HttpResponse& response_;
    std::size_t at_ = 0;
};

/// In pieces of a few bytes, as a network does on a bad day.
void hand_out(std::string body, const HttpRequest& request) {
    request.read_answer([&, at = std::size_t{0}](std::span<char> buffer) mutable {
        const std::size_t count = std::min({buffer.size(), body.size() - at, std::size_t{7}});
        std::copy_n(body.begin() + static_cast<std::ptrdiff_t>(at), count, buffer.begin());
        at += count;
        return count;
    });
}

}  // namespace

void ScriptedHttp::answer(HttpMethod method, std::string target, HttpResponse response) {
    routes_[{method, std::move(target)}].emplace_back(std::move(response));
}

void ScriptedHttp::fail(HttpMethod method, std::string target, HttpError error) {
    routes_[{method, std::move(target)}].emplace_back(std::move(error));
}

HttpResponse ScriptedHttp::send(const HttpRequest& request) {
    if (stop_ != nullptr) {
        stop_->check();
    }
    requests_.push_back(request);
    const std::string target = request_target(request.url);
    auto route = routes_.find({request.method, request.url});
    if (route == routes_.end()) {
        route = routes_.find({request.method, target});
    }
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
    HttpResponse response = take_answer(std::move(answer));
    response.url = request.url;
    if (request.method == HttpMethod::head) {
        response.body.clear();
    }
    if (response.body.size() > request.max_response_bytes.value_or(max_response_bytes_)) {
        throw HttpError(HttpFault::too_large,
                        RemoteFailure::failed,
                        "response_too_large",
                        fmt::format("{}: answer larger than allowed", request.url),
                        {.request_sent = true, .answer_begun = true});
    }
    if (request.follow_answer && response.ok()) {
        LiveAnswer live(response);
        request.follow_answer(live);
        response.body.clear();
    }
    if (request.read_answer && response.ok()) {
        hand_out(std::move(response.body), request);
        response.body.clear();
    }
    return response;
}

}  // namespace caretaker

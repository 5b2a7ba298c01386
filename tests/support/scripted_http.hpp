// SPDX-License-Identifier: Apache-2.0
// The HTTP seam without a network: answers by route, and a record of what was asked.
#pragma once

#include "common/http/http.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

class StopSignal;

/// Routes are a method and what stands behind the host in the URL, the query included; a URL may
/// have any host; a route with a whole URL is for that one alone, and goes first. Several answers
/// for one route are given in turn, the last one again and again. A request without a route gets a
/// 404 that names it.
class ScriptedHttp final : public HttpClient {
 public:
    ScriptedHttp() = default;

    /// Behaves as the real client does when `stop` is requested.
    explicit ScriptedHttp(const StopSignal& stop) : stop_(&stop) {}

    void answer(HttpMethod method, std::string target, HttpResponse response);

    /// The route throws `error`.
    void fail(HttpMethod method, std::string target, HttpError error);

    /// Answers with larger bodies fail, as HttpOptions::max_response_bytes says.
    void limit_responses(std::uint64_t bytes) { max_response_bytes_ = bytes; }

    HttpResponse send(const HttpRequest& request) override;

    [[nodiscard]] const std::vector<HttpRequest>& requests() const { return requests_; }

 private:
    using Answer = HttpOutcome;
    using Route = std::pair<HttpMethod, std::string>;

    std::map<Route, std::deque<Answer>> routes_{};
    std::vector<HttpRequest> requests_{};
    std::uint64_t max_response_bytes_ = 64ULL << 20U;
    const StopSignal* stop_ = nullptr;
};

/// "/_cat/indices?v" of "http://es:9200/_cat/indices?v".
std::string request_target(const std::string& url);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/search_request.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

std::string text_in(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->is_text() ? std::string(member->text()) : std::string();
}

}  // namespace

std::string describe_search_error(const HttpResponse& response) {
    try {
        const JsonDocument document = JsonDocument::parse(response.body, "the answer");
        if (document.root().is_object()) {
            if (const auto error = document.root().find("error")) {
                if (error->is_text()) {  // Elasticsearch 1
                    return std::string(error->text());
                }
                if (error->is_object()) {
                    return fmt::format(
                        "{}: {}", text_in(*error, "type"), text_in(*error, "reason"));
                }
            }
        }
    } catch (const JsonError&) {  // then it is shown as it is
    }
    constexpr std::size_t most = 200;
    return fmt::format("status {} {}",
                       response.status,
                       response.body.substr(0, std::min(response.body.find('\n'), most)));
}

bool is_item_error(const HttpResponse& response) {
    // A block of one index is 403 or 429 by version; neither says anything of the others.
    if (response.body.find("cluster_block_exception") != std::string::npos ||
        response.body.find("ClusterBlockException") != std::string::npos ||
        response.body.find("concurrent_snapshot_execution") != std::string::npos) {
        return true;
    }
    constexpr std::array<int, 7> general{401, 403, 407, 429, 502, 503, 504};
    return std::ranges::find(general, response.status) == general.end();
}

HttpRequest json_request(HttpMethod method, std::string path, std::string body) {
    HttpRequest request{.method = method, .url = std::move(path), .body = std::move(body)};
    if (!request.body.empty()) {
        request.headers.push_back({"Content-Type", "application/json"});
    }
    return request;
}

}  // namespace caretaker

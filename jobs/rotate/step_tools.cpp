// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/step_tools.hpp"

#include "common/base/stop_signal.hpp"
#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

ActionResult failure_of(const SearchCluster& cluster,
                        const HttpRequest& request,
                        const HttpResponse& response) {
    if (!is_item_error(response)) {
        throw describe_status(cluster.http().name(), request, response);
    }
    return {.state = ActionState::failed, .error = describe_search_error(response)};
}

std::optional<std::string> find_reservation(const HttpResponse& response, const std::string& what) {
    if (response.body.empty()) {
        return std::nullopt;
    }
    const JsonDocument document = JsonDocument::parse(response.body, what);
    if (!document.root().is_object()) {
        return std::nullopt;
    }
    const auto acknowledged = document.root().find("acknowledged");
    if (acknowledged && acknowledged->is_flag() && !acknowledged->flag()) {
        return "the server did not confirm it (acknowledged: false)";
    }
    if (const auto shards = document.root().find("_shards")) {
        const auto failed = shards->find("failed");
        if (failed && failed->integer() > 0) {
            return fmt::format("{} shards failed", failed->integer());
        }
    }
    return std::nullopt;
}

ActionResult send_change(SearchCluster& cluster, const HttpRequest& request) {
    const HttpResponse response = cluster.http().send(request);
    if (!response.ok()) {
        return failure_of(cluster, request, response);
    }
    if (auto reservation = find_reservation(response, request.url)) {
        return {.state = ActionState::failed, .error = std::move(*reservation)};
    }
    return {};
}

bool wait_until(Context& context, const ActionSpec& spec, const std::function<bool()>& check) {
    const auto interval = std::chrono::seconds(spec.options.integer("wait_interval"));
    const std::int64_t most = spec.options.integer("max_wait");
    const auto begin = context.clock.steady();
    while (!check()) {
        const auto elapsed =
            std::chrono::floor<std::chrono::seconds>(context.clock.steady() - begin);
        if (most >= 0 && elapsed.count() >= most) {
            return false;
        }
        context.clock.wait(interval, context.stop);
        context.stop.check();
    }
    return true;
}

IndexHealthFacts fetch_health(SearchCluster& cluster, const std::string& names) {
    const std::string path =
        names.empty() ? std::string("/_cluster/health") : "/_cluster/health/" + names;
    const HttpResponse response = cluster.http().require({.url = path}, {408});
    const JsonDocument document = JsonDocument::parse(response.body, "GET " + path);
    return {.is_green = document.root().at("status").text() == "green",
            .relocating_shards = document.root().at("relocating_shards").integer()};
}

}  // namespace caretaker

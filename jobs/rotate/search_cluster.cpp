// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/search_cluster.hpp"

#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"

#include <fmt/format.h>

namespace caretaker {

SearchCluster::SearchCluster(ServiceHttp& http) : http_(http) {
    const HttpRequest request{.url = "/"};
    const HttpResponse response = http_.send(request);
    const bool is_denied = response.status == 401 || response.status == 403;
    if (is_denied && response.header("X-Elastic-Product") == "Elasticsearch") {
        engine_ = unnamed_elasticsearch();
        return;
    }
    if (!response.ok()) {
        throw describe_status(http_.name(), request, response);
    }
    const JsonDocument document = JsonDocument::parse(
        response.body, fmt::format("{}: GET {}/", http_.name(), http_.endpoint()));
    engine_ = read_search_engine(document.root());
}

bool SearchCluster::is_elected_master() {
    const JsonDocument local =
        JsonDocument::parse(http_.require({.url = "/_nodes/_local"}).body, "GET /_nodes/_local");
    const JsonDocument state = JsonDocument::parse(
        http_.require({.url = "/_cluster/state/master_node"}).body, "GET /_cluster/state");
    const auto nodes = local.root().at("nodes").members();
    return !nodes.empty() && nodes.front().name == state.root().at("master_node").text();
}

std::string SearchCluster::wildcards(char joint) const {
    return fmt::format("{}expand_wildcards=open,closed{}",
                       joint,
                       has(SearchFeature::hidden_indices) ? ",hidden" : "");
}

}  // namespace caretaker

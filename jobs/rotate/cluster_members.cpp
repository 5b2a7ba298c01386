// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/cluster_members.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/clients/search_engine.hpp"
#include "common/http/http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

struct Member {
    std::string endpoint{};
    SearchEngine engine{};
};

/// What tells clusters apart: before Elasticsearch 2, and while a cluster forms, the name alone.
bool are_of_one_cluster(const SearchEngine& a, const SearchEngine& b) {
    if (a.cluster_uuid.empty() || b.cluster_uuid.empty()) {
        return a.cluster_name == b.cluster_name;
    }
    return a.cluster_uuid == b.cluster_uuid;
}

/// Who answers there; nothing, and why in `problem`, when nobody does.
std::optional<SearchEngine> ask(HttpClient& http,
                                const std::string& endpoint,
                                std::string& problem) {
    const HttpOutcome outcome = try_send(http, {.url = endpoint + "/"});
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        problem = error->what();
        return std::nullopt;
    }
    const auto& response = std::get<HttpResponse>(outcome);
    if (!response.ok()) {
        problem = fmt::format("status {}", response.status);
        return std::nullopt;
    }
    // Caught because another address may be right.
    try {
        const JsonDocument document =
            JsonDocument::parse(response.body, fmt::format("GET {}/", redact_url(endpoint)));
        return read_search_engine(document.root());
    } catch (const JsonError& error) {
        problem = error.what();
        return std::nullopt;
    }
}

}  // namespace

ServiceOptions check_cluster_members(ServiceOptions service, Context& context) {
    if (service.endpoints.size() < 2) {
        return service;
    }
    const std::unique_ptr<HttpClient> http = context.connect.http(service.http, context.stop);
    std::vector<Member> members;
    std::vector<std::string> warnings;
    for (const std::string& endpoint : service.endpoints) {
        std::string problem;
        auto engine = ask(*http, endpoint, problem);
        if (!engine) {
            warnings.push_back(fmt::format("{} is left out: {}", redact_url(endpoint), problem));
            continue;
        }
        if (!members.empty() && !are_of_one_cluster(members.front().engine, *engine)) {
            throw UsageError(
                fmt::format("{} and {} are of different clusters, {} and {}; name the nodes of one",
                            redact_url(members.front().endpoint),
                            redact_url(endpoint),
                            members.front().engine.cluster_name,
                            engine->cluster_name));
        }
        members.push_back({endpoint, std::move(*engine)});
    }
    if (members.empty()) {  // the client of the run says why, after its tries
        return service;
    }
    for (const std::string& warning : warnings) {
        context.log.warning(warning);
    }
    service.endpoints.clear();
    for (Member& member : members) {
        service.endpoints.push_back(std::move(member.endpoint));
    }
    return service;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/clients/mesos_master.hpp"

#include "common/http/http_status.hpp"
#include "common/http/url.hpp"
#include "common/json/json_document.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr int not_found = 404;

/// "http://10.0.0.1:5050" of a whole URL; empty for what is none.
std::string base_of(const std::string& text) {
    auto url = parse_url(text);
    if (!url) {
        return {};
    }
    url->target.clear();
    std::string base = format_url(*url);
    while (base.ends_with('/')) {
        base.pop_back();
    }
    return base;
}

}  // namespace

bool MesosMaster::read(std::string_view path,
                       const ReadJsonAnswer& read,
                       std::string_view old_path) {
    return try_read(path, read) || (!old_path.empty() && try_read(old_path, read));
}

bool MesosMaster::try_read(std::string_view path, const ReadJsonAnswer& read) {
    const HttpResponse response = get_json_answer(http_, leader_ + std::string(path), read);
    note(response);
    return response.status != not_found;
}

bool MesosMaster::call(std::string_view type, const ReadJsonAnswer& read) {
    const HttpResponse response =
        ask_json_answer(http_, leader_ + "/api/v1", fmt::format(R"({{"type":"{}"}})", type), read);
    note(response);
    return response.status != not_found;
}

std::optional<std::int64_t> MesosMaster::metric(std::string_view name) {
    const std::string what = fmt::format("{}: GET /metrics/snapshot", http_.name());
    HttpRequest metrics{.url = (answered_.empty() ? leader_ : answered_) + "/metrics/snapshot"};
    const HttpResponse snapshot = http_.require(metrics, {not_found});
    if (snapshot.status == not_found) {
        return std::nullopt;
    }
    const JsonDocument document = JsonDocument::parse(snapshot.body, what);
    const auto elected = document.root().find("master/elected");
    const auto found = document.root().find(name);
    const bool leads = !elected || elected->integer() != 0;
    return leads && found ? std::optional(found->integer()) : std::nullopt;
}

bool MesosMaster::follow_leader() {
    HttpRequest metrics{.url = leader_ + "/metrics/snapshot"};
    const HttpResponse snapshot = http_.require(metrics, {not_found});
    if (snapshot.status == not_found) {
        return false;
    }
    const JsonDocument document =
        JsonDocument::parse(snapshot.body, fmt::format("{}: GET /metrics/snapshot", http_.name()));
    const auto elected = document.root().find("master/elected");
    if (!elected || elected->integer() != 0) {
        return false;
    }
    // Redirected to the leader's own address, whatever is there; without a leader to itself.
    const HttpResponse response = http_.send({.url = leader_ + "/master/redirect"});
    const std::string found = base_of(response.url);
    if (found.empty() || found == answered_) {
        throw RemoteError(RemoteFailure::unreachable,
                          "mesos_no_leader",
                          fmt::format("{}: looking for the leading master: {} does not lead and "
                                      "knows none that does; try again after the election",
                                      http_.name(),
                                      answered_));
    }
    http_.trust_leader(found);
    leader_ = found;
    return true;
}

void MesosMaster::note(const HttpResponse& response) {
    answered_ = base_of(response.url);
}

}  // namespace caretaker

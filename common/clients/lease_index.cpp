// SPDX-License-Identifier: Apache-2.0
#include "common/clients/lease_index.hpp"

#include "common/clients/lease_document.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "common/text/url_segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace caretaker {

namespace {

constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int conflict = 409;
constexpr const char* json_type = "application/json";
constexpr std::chrono::seconds time_for_index{30};  // made once; the whole cluster takes part

/// The index has few documents, each written a few times a minute.
constexpr std::string_view index_settings =
    R"({"settings":{"index":{"number_of_shards":1,"auto_expand_replicas":"0-1"}}})";

JsonDocument parse_answer(const HttpRequest& request, const HttpResponse& response) {
    return JsonDocument::parse(
        response.body, fmt::format("elasticsearch: {} {}", to_string(request.method), request.url));
}

}  // namespace

void LeaseIndex::find_engine() {
    if (!engine_) {
        const HttpRequest request{.url = "/"};
        engine_ = read_search_engine(parse_answer(request, http_.require(request)).root());
    }
}

DocumentMark LeaseIndex::read_mark(JsonView document) const {
    DocumentMark mark{.version = document.at("_version").integer()};
    if (has_feature(*engine_, SearchFeature::write_if_sequence)) {
        mark.seq_no = document.at("_seq_no").integer();
        mark.primary_term = document.at("_primary_term").integer();
    }
    return mark;
}

std::string LeaseIndex::url_of(const std::string& id) const {
    return fmt::format("/{}/{}/{}",
                       name,
                       has_feature(*engine_, SearchFeature::typeless_documents) ? "_doc" : "lease",
                       encode_segment(id));
}

std::string LeaseIndex::condition(const DocumentMark& mark) const {
    return has_feature(*engine_, SearchFeature::write_if_sequence)
               ? fmt::format("if_seq_no={}&if_primary_term={}", mark.seq_no, mark.primary_term)
               : fmt::format("version={}", mark.version);
}

std::optional<StoredLease> LeaseIndex::fetch(const std::string& id) {
    find_engine();
    const HttpRequest request{.url = url_of(id)};
    const HttpResponse response = http_.require(request, {not_found});
    const JsonDocument document = parse_answer(request, response);
    if (response.status == not_found) {
        is_index_missing_ = document.root().find("error").has_value();
        return std::nullopt;
    }
    return StoredLease{.lease = read_lease(document.root().at("_source")),
                       .mark = read_mark(document.root())};
}

std::optional<DocumentMark> LeaseIndex::create(const std::string& id, const Lease& lease) {
    find_engine();
    if (is_index_missing_) {
        create_index();
    }
    return write(url_of(id) + "?op_type=create", lease, conflict);
}

void LeaseIndex::create_index() {
    // Refused where another run was faster; other refusals come again when the document is written.
    http_.require({.method = HttpMethod::put,
                   .url = fmt::format("/{}", name),
                   .headers = {{"Content-Type", json_type}},
                   .body = std::string(index_settings),
                   .timeout = time_for_index},
                  {bad_request});
    is_index_missing_ = false;
}

std::optional<DocumentMark> LeaseIndex::replace(const std::string& id,
                                                const Lease& lease,
                                                const DocumentMark& mark) {
    find_engine();
    return write(fmt::format("{}?{}", url_of(id), condition(mark)), lease, not_found);
}

std::optional<DocumentMark> LeaseIndex::write(const std::string& url,
                                              const Lease& lease,
                                              int also_lost) {
    const HttpRequest request{.method = HttpMethod::put,
                              .url = url,
                              .headers = {{"Content-Type", json_type}},
                              .body = format_lease(lease)};
    const HttpResponse response = http_.require(request, {conflict, also_lost});
    if (!response.ok()) {
        return std::nullopt;
    }
    return read_mark(parse_answer(request, response).root());
}

bool LeaseIndex::remove(const std::string& id, const DocumentMark& mark) {
    find_engine();
    return http_
        .require(
            {.method = HttpMethod::del, .url = fmt::format("{}?{}", url_of(id), condition(mark))},
            {not_found, conflict})
        .ok();
}

std::optional<std::vector<Lease>> LeaseIndex::list(std::string_view target) {
    find_engine();
    const HttpRequest request{.url = fmt::format("/{}/_search?size=1000", name)};
    const HttpResponse response = http_.require(request, {not_found});
    if (response.status == not_found) {
        return std::nullopt;
    }
    std::vector<Lease> leases;
    const JsonDocument document = parse_answer(request, response);
    for (const JsonView& hit : document.root().at("hits").at("hits").elements()) {
        Lease lease = read_lease(hit.at("_source"));
        if (lease.target == target) {
            leases.push_back(std::move(lease));
        }
    }
    std::ranges::sort(leases, {}, &Lease::lock);
    return leases;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_handlers.hpp"

#include "tests/sandbox/search_alias_answers.hpp"
#include "tests/sandbox/search_call.hpp"
#include "tests/sandbox/search_cluster_answers.hpp"
#include "tests/sandbox/search_copy_answers.hpp"
#include "tests/sandbox/search_document_answers.hpp"
#include "tests/sandbox/search_index_answers.hpp"
#include "tests/sandbox/search_rollover_answer.hpp"
#include "tests/sandbox/search_snapshot_answers.hpp"
#include "tests/sandbox/search_stored_documents.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

namespace {

std::vector<HttpHeader> json_header() {
    return {{"Content-Type", "application/json; charset=UTF-8"}};
}

ServedAnswer refuse(const SearchVersion& version, const Refused& refused) {
    const std::string text =
        version.is_at_least(2)
            ? fmt::format(
                  R"({{"root_cause":[{{"type":{0},"reason":{1}}}],"type":{0},"reason":{1}}})",
                  json_text(refused.type),
                  json_text(refused.reason))
            : json_text(fmt::format("{}[{}]", refused.type, refused.reason));
    return {.status = refused.status,
            .headers = json_header(),
            .body = fmt::format(R"({{"error":{},"status":{}}})", text, refused.status)};
}

/// APIs that are no index's own.
std::optional<std::string> answer_general(SearchCall& call) {
    const auto& path = call.path();
    const SearchVersion& version = call.state().version;
    const std::string& first = path[0];
    if (first == "_cat" && path.size() >= 2 && path[1] == "indices") {
        return cat_indices(call);
    }
    if (first == "_cat" && path.size() >= 2 && path[1] == "shards") {
        return cat_shards(call);
    }
    if (first == "_alias") {
        return list_aliases(call);
    }
    if (first == "_aliases") {
        return change_aliases(call);
    }
    if (first == "_data_stream" && version.is_at_least(7, 9)) {
        return list_streams(call);
    }
    if (first == "_stats") {
        return stats(call);
    }
    if (first == "_msearch") {
        return search(call);
    }
    if (first == "_cluster") {
        return answer_cluster(call);
    }
    if (first == "_nodes") {
        return answer_nodes(call);
    }
    if (first == "_snapshot") {
        return answer_snapshots(call);
    }
    if (first == "_plugins" && path.size() == 4 && version.is_opensearch) {
        return explain_managed(call);
    }
    if (first == "_reindex" && version.is_at_least(2, 3)) {
        return reindex(call);
    }
    if (first == "_tasks" && version.is_at_least(2, 3)) {
        return tasks(call);
    }
    return std::nullopt;
}

std::string answer_of_index(SearchCall& call) {
    const auto& path = call.path();
    const SearchVersion& version = call.state().version;
    if (path.size() >= 2 && path[1] == "_alias") {
        return list_aliases(call);
    }
    if (path.size() == 2 && path[1] == "_settings") {
        return call.method() == HttpMethod::get ? list_settings(call) : change_settings(call);
    }
    if (path.size() == 2 && path[1] == "_recovery") {
        return list_recoveries(call);
    }
    if (path.size() == 3 && path[1] == "_stats" && path[2] == "indexing") {
        return indexing_stats(call);
    }
    if (path.size() == 2 && path[1] == "_search") {
        return search_documents(call);
    }
    if (path.size() == 2 && path[1] == "_field_caps" && version.is_at_least(5, 4)) {
        return field_capabilities(call);
    }
    if (path.size() >= 2 && path[1] == "_rollover" && version.is_at_least(5)) {
        return answer_rollover(call);
    }
    if (path.size() == 3 && path[1] == "_shrink" && version.is_at_least(5)) {
        return shrink(call);
    }
    if (call.is(HttpMethod::post, 2)) {
        return change_state(call);
    }
    if (path[0].starts_with('_')) {
        throw Refused{400,
                      "invalid_index_name_exception",
                      fmt::format("Invalid index name [{}], must not start with '_'.", path[0])};
    }
    if (call.is(HttpMethod::put, 1)) {
        return create(call);
    }
    if (call.is(HttpMethod::del, 1)) {
        return remove(call);
    }
    if (call.is(HttpMethod::get, 1) || call.is(HttpMethod::head, 1)) {
        (void)call.resolve(path[0]);
        return "{}";
    }
    throw Refused{405, "", fmt::format("Incorrect HTTP method for uri [{}]", call.request().url)};
}

std::string dispatch(SearchCall& call) {
    if (call.path().empty()) {
        if (call.method() == HttpMethod::del) {
            throw Refused{400,
                          "action_request_validation_exception",
                          "Validation Failed: 1: index / indices is missing;"};
        }
        return describe_engine(call);
    }
    auto general = answer_general(call);
    return general ? std::move(*general) : answer_of_index(call);
}

}  // namespace

ServedAnswer answer_search(SearchState& state, const HttpRequest& request) {
    constexpr std::size_t longest_line = 4096;
    constexpr std::size_t around = 10;  // blanks and the HTTP version
    if (to_string(request.method).size() + request.url.size() + around > longest_line) {
        if (!state.version.is_at_least(5)) {
            return {.conduct = ServerConduct::close};
        }
        return refuse(state.version,
                      {400,
                       state.version.is_at_least(7) ? "too_long_http_line_exception"
                                                    : "too_long_frame_exception",
                       "An HTTP line is larger than 4096 bytes."});
    }
    try {
        SearchCall call(state, request);
        if (auto document = answer_document(call)) {
            document->headers = json_header();
            return std::move(*document);
        }
        return {.headers = json_header(), .body = dispatch(call)};
    } catch (const Refused& refused) {
        return refuse(state.version, refused);
    }
}

}  // namespace caretaker::sandbox

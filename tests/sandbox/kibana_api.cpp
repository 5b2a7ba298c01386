// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/kibana_api.hpp"

#include "common/text/base64.hpp"
#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/kibana_objects.hpp"
#include "tests/sandbox/kibana_status.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <utility>

namespace caretaker::sandbox {

namespace {

class KibanaApi {
 public:
    KibanaApi(KibanaState& state, const HttpRequest& request)
        : state_(state), request_(request), target_(parse_request_target(request.url)) {}

    ServedAnswer answer() {
        if (!state_.version.since(4)) {
            return answer_static();
        }
        if (state_.condition == KibanaCondition::starting) {
            return {
                .status = 503,
                .headers = {{"Content-Type", "text/html; charset=utf-8"}, {"Retry-After", "30"}},
                .body = "Kibana server is not ready yet"};
        }
        take_space();
        const auto& path = target_.segments;
        if (path.size() == 2 && path[0] == "api" && path[1] == "status" &&
            state_.version.since(4, 2)) {
            return answer_status();
        }
        if (auto refusal = refuse()) {
            return *refusal;
        }
        if (path.empty()) {
            return {.status = 302, .headers = {{"Location", "/app/kibana"}}};
        }
        if (path[0] == "app" || path[0] == "s") {
            return {.headers = {{"Content-Type", "text/html; charset=utf-8"}},
                    .body = "<!DOCTYPE html><html><title>Kibana</title></html>"};
        }
        if (path[0] == "api" && path.size() >= 2) {
            return answer_api({path.begin() + 1, path.end()});
        }
        return kibana_error(404, "Not Found");
    }

 private:
    /// Kibana 3 is a folder of files in a web server.
    [[nodiscard]] ServedAnswer answer_static() const {
        if (target_.segments.empty() || target_.segments[0] == "index.html") {
            return {.headers = {{"Content-Type", "text/html"}},
                    .body = "<!DOCTYPE html><html><title>Kibana 3</title></html>"};
        }
        return {.status = 404,
                .headers = {{"Content-Type", "text/html"}},
                .body = "<html><head><title>404 Not Found</title></head></html>"};
    }

    void take_space() {
        auto& path = target_.segments;
        if (path.size() > 2 && path[0] == "s" && state_.version.since(6, 5)) {
            space_ = path[1];
            path.erase(path.begin(), path.begin() + 2);
        }
    }

    [[nodiscard]] bool is_logged_in() const {
        return state_.user.empty() ||
               find_header(request_.headers, "Authorization") ==
                   "Basic " + encode_base64(fmt::format("{}:{}", state_.user, state_.password));
    }

    ServedAnswer answer_status() const {
        if (!is_logged_in() && !state_.version.since(8)) {
            return kibana_error(401, "Authentication required");
        }
        ServedAnswer answer = json_answer(format_document(
            [&](Json& json) { write_kibana_status(json, state_, !is_logged_in()); }));
        if (state_.condition == KibanaCondition::red && state_.version.since(8)) {
            answer.status = 503;
        }
        return answer;
    }

    [[nodiscard]] std::optional<ServedAnswer> refuse() const {
        if (!is_logged_in()) {
            return kibana_error(401, "Authentication required");
        }
        const bool is_write =
            request_.method != HttpMethod::get && request_.method != HttpMethod::head;
        const std::string_view version = find_header(request_.headers, "kbn-version");
        if (!version.empty() && version != state_.version.number()) {
            return kibana_error(
                400,
                fmt::format("Browser client is out of date, please refresh the page "
                            "(\"kbn-version\" header was \"{}\" but should be "
                            "\"{}\")",
                            version,
                            state_.version.number()));
        }
        const char* const header = state_.version.is_opensearch ? "osd-xsrf" : "kbn-xsrf";
        if (is_write && version.empty() && find_header(request_.headers, header).empty()) {
            return kibana_error(400, fmt::format("Request must contain a {} header.", header));
        }
        return std::nullopt;
    }

    ServedAnswer answer_api(const std::vector<std::string>& path) {
        const std::vector<std::string> rest(path.begin() + 1, path.end());
        if (path[0] == "saved_objects" && state_.version.since(6)) {
            if (auto answer = answer_saved_objects(state_, space_, rest, target_, request_)) {
                return *answer;
            }
        }
        if (path[0] == "data_views" && state_.version.since(8)) {
            return answer_data_views(state_, space_, rest, "data_view", request_);
        }
        if (path[0] == "index_patterns" && state_.version.since(7, 11)) {
            return answer_data_views(state_, space_, rest, "index_pattern", request_);
        }
        const bool is_settings =
            path.size() == 2 && path[1] == "settings" &&
            path[0] == (state_.version.is_opensearch ? "opensearch-dashboards" : "kibana");
        if (is_settings && state_.version.since(6)) {
            return answer_settings();
        }
        return kibana_error(404, "Not Found");
    }

    ServedAnswer answer_settings() {
        rapidjson::Document body;
        body.Parse(request_.body.c_str());
        if (request_.method == HttpMethod::post && body.IsObject() && body.HasMember("changes") &&
            body["changes"].IsObject() && body["changes"].HasMember("defaultIndex") &&
            body["changes"]["defaultIndex"].IsString()) {
            state_.default_index[space_] = body["changes"]["defaultIndex"].GetString();
        }
        const auto found = state_.default_index.find(space_);
        return json_answer(format_document([&](Json& json) {
            json.begin_object().begin_object("settings");
            if (found != state_.default_index.end()) {
                json.begin_object("defaultIndex").text("userValue", found->second).end_object();
            }
            json.end_object().end_object();
        }));
    }

    KibanaState& state_;
    const HttpRequest& request_;
    RequestTarget target_;
    std::string space_{"default"};
};

}  // namespace

ServedAnswer answer_kibana(KibanaState& state, const HttpRequest& request) {
    ServedAnswer answer = KibanaApi(state, request).answer();
    if (state.version.is_opensearch) {
        answer.headers.push_back({"osd-name", "opensearch-dashboards"});
    } else if (state.version.major >= 4) {
        answer.headers.push_back({"kbn-name", "kibana"});
        if (!state.version.since(8)) {
            answer.headers.push_back({"kbn-version", state.version.number()});
        }
    }
    return answer;
}

}  // namespace caretaker::sandbox

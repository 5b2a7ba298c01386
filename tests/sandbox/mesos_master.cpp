// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/mesos_master.hpp"

#include "common/text/base64.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/mesos_roles.hpp"
#include "tests/sandbox/mesos_v1_documents.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <utility>

namespace caretaker::sandbox {

namespace {

using Writer = std::function<void(Json&, const MesosScene&, const RequestTarget&)>;

/// Without parameters.
template <void (*Write)(Json&, const MesosScene&)>
void write_plainly(Json& json, const MesosScene& scene, const RequestTarget& /*target*/) {
    Write(json, scene);
}

std::size_t number_or(std::string_view text, std::size_t otherwise) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : otherwise;
}

void write_task_listing(Json& json, const MesosScene& scene, const RequestTarget& target) {
    const bool has_ids = scene.version().since(1, 0);
    const auto id = [&](std::string_view name) {
        return std::string(has_ids ? target.parameter(name) : std::string_view());
    };
    write_tasks(json,
                scene,
                {.limit = number_or(target.parameter("limit"), 100),
                 .offset = number_or(target.parameter("offset"), 0),
                 .is_ascending = target.parameter("order") == "asc",
                 .framework_id = id("framework_id"),
                 .task_id = id("task_id")});
}

void write_metrics(Json& json, const MesosScene& scene, const RequestTarget& /*target*/) {
    json.begin_object();
    for (const auto& [name, value] : master_metrics(scene)) {
        json.number(name, value);
    }
    json.end_object();
}

struct Endpoint {
    std::string_view name{};
    int major = 0;  // since when without suffix
    int minor = 0;
    bool has_suffix = false;   // also NAME.json, up to 1.8
    bool is_of_leader = true;  // other masters redirect from 1.0 on
    Writer write{};
};

const std::array<Endpoint, 14>& endpoints() {
    static const std::array<Endpoint, 14> all{
        Endpoint{"state", 0, 25, true, true, write_plainly<write_state>},
        Endpoint{"slaves",
                 0,
                 22,
                 false,
                 true,
                 [](Json& json, const MesosScene& scene, const RequestTarget& target) {
                     write_slaves(json, scene, target.parameter("slave_id"));
                 }},
        Endpoint{"tasks", 0, 25, true, true, write_task_listing},
        Endpoint{"roles", 0, 25, true, true, write_plainly<write_roles>},
        Endpoint{"state-summary", 0, 23, false, true, write_plainly<write_state_summary>},
        Endpoint{"frameworks",
                 0,
                 27,
                 false,
                 true,
                 [](Json& json, const MesosScene& scene, const RequestTarget& target) {
                     write_frameworks(json, scene, target.parameter("framework_id"));
                 }},
        Endpoint{"quota", 0, 27, false, true, write_plainly<write_quota>},
        Endpoint{"weights", 1, 0, false, true, write_plainly<write_weights>},
        Endpoint{
            "maintenance/schedule", 0, 25, false, true, write_plainly<write_maintenance_schedule>},
        Endpoint{"maintenance/status", 0, 25, false, true, write_plainly<write_maintenance_status>},
        Endpoint{"flags", 0, 27, false, false, write_plainly<write_flags>},
        Endpoint{"version", 0, 21, false, false, write_plainly<write_version>},
        Endpoint{"metrics/snapshot", 0, 19, false, false, write_metrics},
        Endpoint{"stats", 1, 99, true, false, write_metrics},
    };
    return all;
}

const Endpoint* find_endpoint(const MesosVersion& version, std::string_view name) {
    for (const Endpoint& endpoint : endpoints()) {
        const bool is_plain =
            name == endpoint.name && version.since(endpoint.major, endpoint.minor);
        const bool is_suffixed = endpoint.has_suffix && !version.since(1, 9) &&
                                 name == fmt::format("{}.json", endpoint.name);
        if (is_plain || is_suffixed) {
            return &endpoint;
        }
    }
    return nullptr;
}

ServedAnswer redirect_to(const MesosScene& scene, const std::string& rest) {
    const std::string& leader = scene.masters[*scene.state->mesos.leader];
    const std::string_view scheme = scene.version().since(0, 23) ? "//" : "http://";
    return {.status = 307, .headers = {{"Location", fmt::format("{}{}{}", scheme, leader, rest)}}};
}

ServedAnswer redirect(const MesosScene& scene) {
    if (scene.state->mesos.leader) {
        return redirect_to(scene, "");
    }
    if (scene.version().since(1, 0)) {
        return text_answer(503, "No leader elected");
    }
    return {.status = 307,
            .headers = {{"Location", fmt::format("//{}", scene.masters[scene.master])}}};
}

ServedAnswer wrong_method(std::string_view method) {
    ServedAnswer answer = text_answer(
        405,
        fmt::format("405 Method Not Allowed. Expecting one of {{ 'POST' }}, but received '{}'.",
                    method));
    answer.headers.push_back({"Allow", "POST"});
    return answer;
}

ServedAnswer answer_v1(const MesosScene& scene, const HttpRequest& request) {
    if (auto refusal = refuse_call_form(request)) {
        return *refusal;
    }
    rapidjson::Document call;
    call.Parse(request.body.c_str());
    const std::string type =
        call.HasMember("type") && call["type"].IsString() ? call["type"].GetString() : "";
    const auto write = find_v1_call(type);
    if (!write) {
        return text_answer(400, "Failed to validate master::Call: Expecting 'type' to be present");
    }
    if (type == "GET_METRICS" && !call.HasMember("get_metrics")) {
        return text_answer(
            400, "Failed to validate master::Call: Expecting 'get_metrics' to be present");
    }
    return document_answer([scene, write](Json& json) { write(json, scene); });
}

/// The answer as a call of `callback`.
ServedAnswer wrap_jsonp(const ServedAnswer& answer, const std::string& callback) {
    return {.headers = {{"Content-Type", "text/javascript"}},
            .stream = [inner = answer.stream, callback](ServedStream& stream) {
                stream.write(callback + "(");
                inner(stream);
                stream.write(")");
            }};
}

}  // namespace

std::string master_path(const std::string& url) {
    const RequestTarget target = parse_request_target(url);
    std::string path;
    for (const std::string& segment : target.segments) {
        path += "/" + segment;
    }
    const bool is_rooted = path.starts_with("/master/") || path.starts_with("/metrics/") ||
                           path == "/version" || path == "/health";
    return is_rooted ? path : "/master" + path;
}

std::optional<ServedAnswer> refuse_login(const std::optional<MesosLogin>& login,
                                         std::string_view realm,
                                         const HttpRequest& request) {
    if (!login) {
        return std::nullopt;
    }
    const std::string wanted =
        "Basic " + encode_base64(fmt::format("{}:{}", login->user, login->password));
    if (find_header(request.headers, "Authorization") == wanted) {
        return std::nullopt;
    }
    ServedAnswer answer = text_answer(401, "401 Unauthorized.");
    answer.headers.push_back({"WWW-Authenticate", fmt::format("Basic realm=\"{}\"", realm)});
    return answer;
}

std::optional<ServedAnswer> refuse_as_follower(const MesosScene& scene,
                                               const HttpRequest& request) {
    if (!scene.version().since(1, 0)) {
        return std::nullopt;
    }
    if (!scene.state->mesos.leader) {
        return text_answer(503, "No leader elected");
    }
    if (!scene.leads()) {
        const std::string query = parse_request_target(request.url).query;
        const bool keeps_query = !query.empty() && scene.version().since(1, 1);
        return redirect_to(scene, master_path(request.url) + (keeps_query ? "?" + query : ""));
    }
    if (scene.state->mesos.is_recovering) {
        return text_answer(503, "Master has not finished recovery");
    }
    return std::nullopt;
}

std::optional<ServedAnswer> refuse_call_form(const HttpRequest& request) {
    if (request.method != HttpMethod::post) {
        return wrong_method(to_string(request.method));
    }
    const std::string_view type = find_header(request.headers, "Content-Type");
    if (type.empty()) {
        return text_answer(400, "Expecting 'Content-Type' to be present");
    }
    if (type != "application/json") {
        return text_answer(415,
                           "Expecting 'Content-Type' of application/json or "
                           "application/x-protobuf");
    }
    const std::string_view accept = find_header(request.headers, "Accept");
    if (!accept.empty() && accept.find("json") == std::string_view::npos &&
        accept.find("*/*") == std::string_view::npos) {
        return text_answer(406,
                           "Expecting 'Accept' to allow 'application/x-protobuf' or "
                           "'application/json'");
    }
    rapidjson::Document call;
    call.Parse(request.body.c_str());
    if (call.HasParseError()) {
        return text_answer(400, "Failed to parse body into JSON: syntax error at line 1");
    }
    if (!call.IsObject()) {
        return text_answer(400,
                           "Failed to convert JSON into Call protobuf: Expecting a JSON object");
    }
    return std::nullopt;
}

ServedAnswer answer_mesos_master(const MesosScene& scene, const HttpRequest& request) {
    const std::string path = master_path(request.url);
    if (path == "/master/redirect") {
        return redirect(scene);
    }
    if (path == "/master/health" || path == "/health") {
        return {};
    }
    if (path == "/master/api/v1" && scene.version().since(1, 0)) {
        if (auto refusal = refuse_as_follower(scene, request)) {
            return *refusal;
        }
        return answer_v1(scene, request);
    }
    const std::string name = path.starts_with("/master/")
                                 ? path.substr(std::string_view("/master/").size())
                                 : path.substr(1);
    const Endpoint* const endpoint = find_endpoint(scene.version(), name);
    if (endpoint == nullptr) {
        return text_answer(404, "404 Not Found.");
    }
    if (endpoint->is_of_leader) {
        if (auto refusal = refuse_as_follower(scene, request)) {
            return *refusal;
        }
    }
    const RequestTarget target = parse_request_target(request.url);
    ServedAnswer answer = document_answer(
        [scene, target, write = endpoint->write](Json& json) { write(json, scene, target); },
        scene.version().since(1, 0));
    const std::string callback(target.parameter("jsonp"));
    return callback.empty() ? answer : wrap_jsonp(answer, callback);
}

}  // namespace caretaker::sandbox

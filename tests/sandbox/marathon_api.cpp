// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/marathon_api.hpp"

#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/marathon_deployments.hpp"
#include "tests/sandbox/marathon_documents.hpp"
#include "tests/sandbox/marathon_pods.hpp"
#include "tests/sandbox/marathon_request.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <utility>

namespace caretaker::sandbox {

namespace {

ServedAnswer refused(const MarathonRefusal& refusal) {
    return json_answer(refusal.body, refusal.status);
}

std::string deployment_body(const FakeDeployment& deployment) {
    return format_document([&](Json& json) {
        json.begin_object()
            .text("version", deployment.version)
            .text("deploymentId", deployment.id)
            .end_object();
    });
}

class MarathonApi {
 public:
    MarathonApi(FakePlatform& platform,
                const std::vector<std::string>& instances,
                const HttpRequest& request)
        : platform_(platform),
          instances_(instances),
          request_(request),
          target_(parse_request_target(request.url)) {}

    ServedAnswer answer() {
        const auto& path = target_.segments;
        if (path.size() == 1 && path[0] == "ping") {
            return {.headers = {{"Content-Type", "text/plain"}}, .body = "pong"};
        }
        try {
            if (path.size() >= 2 && path[0] == "v2") {
                return answer_v2(path[1]);
            }
        } catch (const MarathonRefusal& refusal) {
            return refused(refusal);
        }
        return refused(unknown_route());
    }

 private:
    [[nodiscard]] bool is(HttpMethod method) const { return request_.method == method; }

    [[nodiscard]] bool is_set(std::string_view name) const {
        return target_.parameter(name) == "true";
    }

    [[nodiscard]] MarathonRefusal unknown_route() {
        const bool is_new = marathon_version(*platform_.state()) >= MarathonVersion{1, 10};
        return {is_new ? 500 : 404, message_body(is_new ? "URI not found" : target_.path)};
    }

    ServedAnswer answer_v2(const std::string& what) {
        if (what == "apps") {
            return target_.segments.size() == 2 ? answer_all_apps() : answer_one_app();
        }
        if (what == "deployments") {
            return answer_deployments();
        }
        if (what == "tasks") {
            return answer_tasks();
        }
        if (what == "queue") {
            return answer_queue();
        }
        if (what == "pods" && marathon_version(*platform_.state()) >= MarathonVersion{1, 4}) {
            return answer_pods(platform_.state(), request_, target_);
        }
        if (what == "groups" && is(HttpMethod::get)) {
            return answer_groups();
        }
        if (what == "info" && is(HttpMethod::get)) {
            return document_answer([state = platform_.state(), instances = instances_](Json& json) {
                write_info(json, *state, instances);
            });
        }
        if (what == "leader") {
            return answer_leader();
        }
        throw unknown_route();
    }

    ServedAnswer answer_leader() {
        const auto state = platform_.state();
        if (!state->marathon.leader) {
            throw MarathonRefusal{404, message_body("There is no leader")};
        }
        if (is(HttpMethod::del)) {
            platform_.change([&](PlatformState& changed) {
                changed.marathon.leader = (*state->marathon.leader + 1) % instances_.size();
                return 0;
            });
            return json_answer(message_body("Leadership abdicated"));
        }
        return json_answer(
            fmt::format(R"({{"leader":"{}"}})", instances_.at(*state->marathon.leader)));
    }

    [[nodiscard]] AppEmbeds embeds(bool is_one_app) const {
        AppEmbeds found{.tasks = is_one_app, .last_failure = is_one_app};
        for (const std::string_view value : target_.parameters_named("embed")) {
            const std::string_view name = value.substr(value.rfind('.') + 1);
            found.tasks = found.tasks || name == "tasks" || name == "failures";
            found.last_failure =
                found.last_failure || name == "lastTaskFailure" || name == "failures";
            found.task_stats = found.task_stats || name == "taskStats";
            found.readiness = found.readiness || name == "readiness";
        }
        return found;
    }

    ServedAnswer answer_all_apps() {
        if (is(HttpMethod::post)) {
            return create_app();
        }
        if (is(HttpMethod::put)) {
            return put_apps();
        }
        const auto wanted = [target = target_](const std::string& id, const FakeApp& app) {
            const auto field = [&](const char* name) {
                const auto found = app.fields.find(name);
                return found == app.fields.end() ? std::string() : found->second;
            };
            const std::string_view label = target.parameter("label");
            return id.find(target.parameter("id")) != std::string::npos &&
                   field("cmd").find(target.parameter("cmd")) != std::string::npos &&
                   (label.empty() || meets_selector(field("labels"), label));
        };
        return document_answer([state = platform_.state(), wanted, embeds = embeds(false)](
                                   Json& json) { write_apps(json, *state, embeds, wanted); });
    }

    /// Throws the refusal of an app that is locked, unless it is forced: then the deployments in
    /// the way end where they are.
    void unlock(PlatformState& state, const std::vector<std::string>& apps, bool is_forced) const {
        const auto locks = locks_of(state, apps);
        if (!locks.empty() && !is_forced) {
            throw locked_refusal(locks);
        }
        for (const std::string& id : locks) {
            cancel_deployment(state, id);
        }
    }

    ServedAnswer create_app() {
        const AppBody body = read_app_body(request_.body);
        const std::string id = body.id;
        if (id.empty()) {
            throw MarathonRefusal{422, invalid_body("/id", "must not be empty")};
        }
        return platform_.change([&](PlatformState& state) {
            if (state.marathon.apps.contains(id)) {
                throw MarathonRefusal{
                    409, message_body(fmt::format("An app with id [{}] already exists.", id))};
            }
            unlock(state, {id}, is_set("force"));
            AppFields fields = default_app_fields();
            merge_fields(fields, body.fields);
            check_definition(fields);
            if (const std::int64_t taken = taken_service_port(state, fields); taken != 0) {
                throw MarathonRefusal{
                    422,
                    invalid_body("/portDefinitions",
                                 fmt::format("service port {} is used by another app", taken))};
            }
            choose_service_ports(state, fields);
            const FakeDeployment deployment = deploy(state, {{id, fields}});
            ServedAnswer answer = json_answer(
                format_document([&](Json& json) { write_app(json, state, id, {.tasks = true}); }),
                201);
            answer.headers.push_back({"Location", "/v2/apps" + id});
            answer.headers.push_back({"Marathon-Deployment-Id", deployment.id});
            return answer;
        });
    }

    ServedAnswer put_apps() {
        const auto bodies = read_app_list(request_.body);
        return platform_.change([&](PlatformState& state) {
            std::vector<AppChange> changes;
            std::vector<std::string> ids;
            for (const AppBody& body : bodies) {
                ids.push_back(body.id);
                changes.push_back({body.id, changed_fields(state, body.id, body)});
            }
            unlock(state, ids, is_set("force"));
            return deployed(deploy(state, changes), 200);
        });
    }

    static ServedAnswer deployed(const FakeDeployment& deployment, int status) {
        ServedAnswer answer = json_answer(deployment_body(deployment), status);
        answer.headers.push_back({"Marathon-Deployment-Id", deployment.id});
        return answer;
    }

    /// The definition that a PUT or PATCH makes of the app.
    [[nodiscard]] AppFields changed_fields(const PlatformState& state,
                                           const std::string& id,
                                           const AppBody& body) const {
        const auto found = state.marathon.apps.find(id);
        if (!body.version.empty() && body.fields.empty()) {
            if (found == state.marathon.apps.end() ||
                !found->second.versions.contains(body.version)) {
                throw MarathonRefusal{
                    404,
                    message_body(
                        fmt::format("App '{}' does not exist in version '{}'", id, body.version))};
            }
            return found->second.versions.at(body.version);
        }
        const bool is_partial = target_.parameter("partialUpdate") != "false" ||
                                marathon_version(state) < MarathonVersion{1, 4};
        AppFields fields = found != state.marathon.apps.end() && is_partial ? found->second.fields
                                                                            : default_app_fields();
        merge_fields(fields, body.fields);
        check_definition(fields);
        return fields;
    }

    ServedAnswer answer_one_app() {
        const auto& path = target_.segments;
        std::string id;
        for (std::size_t i = 2; i < path.size(); ++i) {
            const std::string& segment = path[i];
            if (segment == "*" && i + 1 == path.size()) {
                return list_below(id);
            }
            if (i > 2 && (segment == "tasks" || segment == "versions")) {
                return segment == "tasks" ? answer_app_tasks(id, i + 1)
                                          : answer_versions(id, i + 1);
            }
            if (i > 2 && segment == "restart" && i + 1 == path.size() && is(HttpMethod::post)) {
                return restart(id);
            }
            id += "/" + segment;
        }
        return answer_app(id);
    }

    [[nodiscard]] static MarathonRefusal missing(const std::string& id) {
        return {404, message_body(fmt::format("App '{}' does not exist", id))};
    }

    ServedAnswer answer_app(const std::string& id) {
        switch (request_.method) {
            case HttpMethod::get:
            case HttpMethod::head:
                return show_app(id);
            case HttpMethod::put:
                return change_app(id, true);
            case HttpMethod::patch:
                if (marathon_version(*platform_.state()) >= MarathonVersion{1, 4}) {
                    return change_app(id, false);
                }
                throw MarathonRefusal{405, message_body("HTTP method not allowed")};
            case HttpMethod::del:
                return delete_app(id);
            default:
                throw MarathonRefusal{405, message_body("HTTP method not allowed")};
        }
    }

    ServedAnswer show_app(const std::string& id) {
        const auto state = platform_.state();
        if (!state->marathon.apps.contains(id)) {
            throw missing(id);
        }
        return document_answer([state, id, embeds = embeds(true)](Json& json) {
            json.begin_object().key("app");
            write_app(json, *state, id, embeds);
            json.end_object();
        });
    }

    ServedAnswer list_below(const std::string& group) {
        const auto state = platform_.state();
        return document_answer([state, prefix = group + "/", embeds = embeds(false)](Json& json) {
            json.begin_object().begin_array("*");
            for (const auto& [id, app] : state->marathon.apps) {
                if (id.starts_with(prefix)) {
                    write_app(json, *state, id, embeds);
                }
            }
            json.end_array().end_object();
        });
    }

    ServedAnswer change_app(const std::string& id, bool may_create) {
        const AppBody body = read_app_body(request_.body);
        if (!body.id.empty() && body.id != id) {
            throw MarathonRefusal{422, invalid_body("/id", "must be the id of the path")};
        }
        return platform_.change([&](PlatformState& state) {
            const bool is_there = state.marathon.apps.contains(id);
            if (!is_there && !may_create) {
                throw missing(id);
            }
            const AppFields fields = changed_fields(state, id, body);
            unlock(state, {id}, is_set("force"));
            return deployed(deploy(state, {{id, fields}}), is_there ? 200 : 201);
        });
    }

    /// Force is the rule here, not the exception.
    ServedAnswer delete_app(const std::string& id) {
        return platform_.change([&](PlatformState& state) {
            if (!state.marathon.apps.contains(id)) {
                throw missing(id);
            }
            unlock(state, {id}, target_.parameter("force") != "false");
            return deployed(deploy(state, {{id, {}}}), 200);
        });
    }

    ServedAnswer restart(const std::string& id) {
        return platform_.change([&](PlatformState& state) {
            if (!state.marathon.apps.contains(id)) {
                throw missing(id);
            }
            unlock(state, {id}, is_set("force"));
            return deployed(deploy_restart(state, id), 200);
        });
    }

    /// Kills tasks of any apps; `scale` lowers their instances too, in one deployment.
    ServedAnswer kill_tasks(const std::vector<std::string>& ids, bool shows_one) {
        return platform_.change([&](PlatformState& state) {
            std::map<std::string, std::vector<std::string>> by_app;
            for (const std::string& id : ids) {
                const auto found = state.tasks.find(id);
                if (found != state.tasks.end() && !found->second.app.empty()) {
                    by_app[found->second.app].push_back(id);
                } else if (shows_one) {
                    throw MarathonRefusal{
                        404, message_body(fmt::format("Task '{}' does not exist", id))};
                }
            }
            std::vector<std::string> apps;
            for (const auto& [app, tasks] : by_app) {
                apps.push_back(app);
            }
            unlock(state, apps, is_set("force"));
            ServedAnswer answer = list_tasks(state, ids, shows_one);
            for (const auto& [app, tasks] : by_app) {
                for (const std::string& id : tasks) {
                    kill_task(state, id);
                }
            }
            if (!is_set("scale")) {
                return answer;
            }
            std::vector<AppChange> changes;
            for (const auto& [app, tasks] : by_app) {
                AppFields fields = state.marathon.apps.at(app).fields;
                const std::size_t instances = instances_of(fields);
                fields["instances"] = std::to_string(instances - std::min(instances, tasks.size()));
                changes.push_back({app, std::move(fields)});
            }
            return deployed(deploy(state, changes), 200);
        });
    }

    static ServedAnswer list_tasks(const PlatformState& state,
                                   const std::vector<std::string>& ids,
                                   bool shows_one) {
        return json_answer(format_document([&](Json& json) {
            json.begin_object();
            shows_one ? json.key("task") : json.begin_array("tasks");
            for (const std::string& id : ids) {
                if (state.tasks.contains(id)) {
                    write_marathon_task(json, state, state.tasks.at(id));
                }
            }
            shows_one ? json : json.end_array();
            json.end_object();
        }));
    }

    ServedAnswer answer_app_tasks(const std::string& id, std::size_t next) {
        const auto state = platform_.state();
        if (!state->marathon.apps.contains(id)) {
            throw missing(id);
        }
        if (is(HttpMethod::get)) {
            return document_answer(
                [state, id](Json& json) { write_marathon_tasks(json, *state, id, {}); });
        }
        if (next < target_.segments.size()) {
            return kill_tasks({target_.segments[next]}, true);
        }
        std::vector<std::string> ids = live_tasks(*state, id);
        if (const std::string_view host = target_.parameter("host"); !host.empty()) {
            std::erase_if(ids, [&](const std::string& task) {
                return state->agents[state->tasks.at(task).agent].hostname != host;
            });
        }
        return kill_tasks(ids, false);
    }

    ServedAnswer answer_versions(const std::string& id, std::size_t next) {
        const auto state = platform_.state();
        const auto found = state->marathon.apps.find(id);
        if (found == state->marathon.apps.end()) {
            throw missing(id);
        }
        if (next >= target_.segments.size()) {
            return document_answer(
                [state, id](Json& json) { write_versions(json, state->marathon.apps.at(id)); });
        }
        const auto version = found->second.versions.find(target_.segments[next]);
        if (version == found->second.versions.end()) {
            throw missing(id);
        }
        return json_answer(format_document([&](Json& json) {
            json.begin_object().text("id", id);
            for (const auto& [name, value] : version->second) {
                json.raw(name, value);
            }
            json.text("version", version->first).end_object();
        }));
    }

    ServedAnswer answer_deployments() {
        if (target_.segments.size() == 2) {
            return document_answer(
                [state = platform_.state()](Json& json) { write_deployments(json, *state); });
        }
        if (!is(HttpMethod::del)) {
            throw MarathonRefusal{405, message_body("HTTP method not allowed")};
        }
        const std::string id = target_.segments[2];
        return platform_.change([&](PlatformState& state) {
            const bool is_there =
                std::ranges::find(state.marathon.deployments, id, &FakeDeployment::id) !=
                state.marathon.deployments.end();
            if (!is_there) {
                throw MarathonRefusal{
                    404, message_body(fmt::format("DeploymentPlan {} does not exist", id))};
            }
            if (is_set("force")) {
                cancel_deployment(state, id);
                return ServedAnswer{.status = 202};
            }
            return deployed(*roll_back(state, id), 200);
        });
    }

    ServedAnswer answer_tasks() {
        if (target_.segments.size() == 3 && target_.segments[2] == "delete" &&
            is(HttpMethod::post)) {
            return kill_tasks(read_ids(request_.body), false);
        }
        if (find_header(request_.headers, "Accept") == "text/plain") {
            return {.headers = {{"Content-Type", "text/plain"}},
                    .body = format_marathon_tasks(*platform_.state())};
        }
        std::vector<std::string> states;
        for (const std::string_view name : {"status", "status[]"}) {
            for (const std::string_view value : target_.parameters_named(name)) {
                states.emplace_back(value);
            }
        }
        return document_answer([state = platform_.state(), states](Json& json) {
            write_marathon_tasks(json, *state, "", states);
        });
    }

    ServedAnswer answer_queue() {
        const auto& path = target_.segments;
        if (path.size() == 2) {
            return document_answer(
                [state = platform_.state()](Json& json) { write_queue(json, *state); });
        }
        std::string id;
        for (std::size_t i = 2; i + 1 < path.size(); ++i) {
            id += "/" + path[i];
        }
        return platform_.change([&](PlatformState& state) {
            const auto found = state.marathon.apps.find(id);
            if (path.back() != "delay" || !is(HttpMethod::del) ||
                found == state.marathon.apps.end() ||
                found->second.backoff_until_ms <= state.now_ms) {
                throw MarathonRefusal{
                    404, message_body(fmt::format("Application {} not found in tasks queue.", id))};
            }
            found->second.backoff_until_ms = state.now_ms;
            advance_platform(state, state.now_ms);
            return ServedAnswer{.status = 204};
        });
    }

    ServedAnswer answer_groups() {
        std::string id;
        for (std::size_t i = 2; i < target_.segments.size(); ++i) {
            id += "/" + target_.segments[i];
        }
        const auto state = platform_.state();
        const bool is_there =
            id.empty() || std::ranges::any_of(state->marathon.apps, [&](const auto& app) {
                return app.first.starts_with(id + "/");
            });
        if (!is_there) {
            throw MarathonRefusal{404, message_body(fmt::format("Group '{}' does not exist", id))};
        }
        const auto asked = target_.parameters_named("embed");
        const bool with_apps =
            asked.empty() || std::ranges::any_of(asked, [](std::string_view value) {
                return value.starts_with("group.apps");
            });
        return document_answer(
            [state, id = id.empty() ? "/" : id, with_apps, embeds = embeds(false)](Json& json) {
                write_group(json, *state, id, with_apps, embeds);
            });
    }

    FakePlatform& platform_;
    const std::vector<std::string>& instances_;
    const HttpRequest& request_;
    RequestTarget target_;
};

}  // namespace

ServedAnswer answer_marathon(FakePlatform& platform,
                             const std::vector<std::string>& instances,
                             const HttpRequest& request) {
    return MarathonApi(platform, instances, request).answer();
}

}  // namespace caretaker::sandbox

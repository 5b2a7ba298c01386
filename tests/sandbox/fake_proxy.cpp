// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_proxy.hpp"

#include "common/text/timestamp.hpp"
#include "tests/sandbox/access_log.hpp"
#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/marathon_deployments.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace caretaker::sandbox {

FakeProxy::FakeProxy(FakePlatform& platform, FakeSearch& search)
    : platform_(platform), search_(search), started_ms_(platform.state()->now_ms) {
    server_.answer_by([this](const HttpRequest& request) {
        return http_.answer(request, [this](const HttpRequest& passed) { return serve(passed); });
    });
}

void FakeProxy::restart() {
    const std::lock_guard lock(mutex_);
    started_ms_ = platform_.state()->now_ms;
    last_.clear();
}

ServedAnswer FakeProxy::serve(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const RequestTarget target = parse_request_target(request.url);
    const auto& path = target.segments;
    if (path.size() == 2 && path[0] == "__caretaker" && path[1] == "last-access") {
        return json_answer(format_document([&](Json& json) {
            json.begin_object().integer("started", started_ms_).begin_object("apps");
            for (const auto& [app, time] : last_) {
                json.integer(app, time);
            }
            json.end_object().end_object();
        }));
    }
    if (path.size() == 2 && path[0] == "__caretaker" && path[1] == "canary") {
        log("", request, 200);
        return text_answer(200, "canary\n");
    }
    if (path.size() < 2 || path[0] != "kibana") {
        return text_answer(404, "no such place\n");
    }
    const std::string app = fmt::format("/kibana/{}", path[1]);
    const auto state = platform_.state();
    const bool is_running = std::ranges::any_of(tasks_of(*state, app), [&](const std::string& id) {
        return state->tasks.at(id).state == "TASK_RUNNING";
    });
    last_[app] = state->now_ms;
    log(app, request, is_running ? 200 : 503);
    if (is_running) {
        return {.headers = {{"Content-Type", "text/html"}},
                .body = "<!DOCTYPE html><html><title>Kibana</title></html>"};
    }
    return {.status = 503,
            .headers = {{"Content-Type", "text/html"}, {"Retry-After", "10"}},
            .body =
                "<!DOCTYPE html><html><meta http-equiv=\"refresh\" content=\"5\">"
                "<title>Kibana is being started</title></html>"};
}

void FakeProxy::log(const std::string& app, const HttpRequest& request, int status) {
    const std::int64_t now = platform_.state()->now_ms;
    FakeDocument row = make_access_line(now,
                                        app,
                                        find_header(request.headers, "User-Agent"),
                                        request.url.substr(0, request.url.find('?')));
    row["status"] = std::to_string(status);
    if (find_header(request.headers, "kbn-system-request") == "true") {
        row["system"] = "true";
    }
    if (app.empty()) {
        row["probe"] = "true";
    }
    add_access_line(search_, std::move(row));
}

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
#include "common/clients/marathon_control.hpp"

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace caretaker {

namespace {

constexpr int not_found = 404;
constexpr std::chrono::milliseconds first_poll{100};
constexpr std::chrono::milliseconds longest_poll{2'000};

const std::vector<HttpHeader> json_body{{"Content-Type", "application/json"}};

std::string app_path(const std::string& id) {
    return fmt::format("/v2/apps/{}", id);  // "/v2/apps//kibana/ads", which all versions take
}

/// Of an error, whatever its form is.
std::string message_of(const HttpResponse& response) {
    // Caught because an error page instead of JSON is told as well as it goes.
    try {
        const JsonDocument document = JsonDocument::parse(response.body, "marathon");
        std::string text =
            fmt::format("{} {}", response.status, json_text_or_empty(document.root(), "message"));
        for (const JsonView& detail : json_elements_of(document.root(), "details")) {
            text += fmt::format("; {}:", json_text_or_empty(detail, "path"));
            for (const JsonView& error : json_elements_of(detail, "errors")) {
                text += fmt::format(" {}", error.text());
            }
        }
        return text;
    } catch (const JsonError&) {
        return fmt::format("{}", response.status);
    }
}

std::string deployment_of(const HttpResponse& response) {
    if (const auto header = response.header("Marathon-Deployment-Id"); !header.empty()) {
        return std::string(header);
    }
    if (response.body.empty()) {
        return {};
    }
    const JsonDocument document = JsonDocument::parse(response.body, "marathon: the change");
    return json_text_or_empty(document.root(), "deploymentId");
}

/// "1.10.26" is at least 1.4.
bool knows_patch(std::string_view version) {
    int major = 0;
    int minor = 0;
    const char* const end = version.data() + version.size();
    const auto [dot, failure] = std::from_chars(version.data(), end, major);
    if (failure != std::errc{} || dot == end) {
        return true;
    }
    std::from_chars(dot + 1, end, minor);
    return major > 1 || (major == 1 && minor >= 4);
}

}  // namespace

MarathonChange judge_marathon_change(std::string_view service,
                                     const HttpRequest& request,
                                     const HttpResponse& response) {
    using Outcome = MarathonChange::Outcome;
    if (response.ok()) {
        return {.deployment = deployment_of(response)};
    }
    const auto failed = [&](Outcome outcome) {
        return MarathonChange{.outcome = outcome, .message = message_of(response)};
    };
    switch (response.status) {
        case 400:
        case 422:
            return failed(Outcome::refused);
        case 401:
        case 403:
            return failed(Outcome::denied);
        case not_found:
            return failed(Outcome::gone);
        case 409:
            return failed(request.method == HttpMethod::post ? Outcome::exists : Outcome::locked);
        default:
            throw describe_status(service, request, response);
    }
}

void MarathonControl::read_apps(std::string_view selector,
                                const std::function<void()>& begin,
                                const std::function<void(JsonView app)>& take) {
    std::string url = "/v2/apps?embed=apps.tasks&embed=apps.counts&embed=apps.deployments";
    if (!selector.empty()) {
        std::string escaped;
        for (const char letter : selector) {
            escaped += letter == '=' ? "%3D" : std::string(1, letter);
        }
        url += fmt::format("&label={}", escaped);
    }
    const HttpResponse response =
        get_json_answer(http_, url, [&](const JsonSource& source, const std::string& what) {
            constexpr std::array<std::string_view, 1> patterns{"/apps/*"};
            begin();
            read_json_elements(
                source, what, patterns, [&](const JsonElement& element) { take(element.value); });
        });
    if (response.status == not_found) {
        throw describe_status(http_.name(), {.url = url}, response);
    }
}

bool MarathonControl::read_app(const std::string& id,
                               const std::function<void(JsonView app)>& take) {
    const std::string url = app_path(id);
    const HttpResponse response = http_.require({.url = url}, {not_found});
    if (response.status == not_found) {
        return false;
    }
    const JsonDocument document = JsonDocument::parse(response.body, "marathon: GET " + url);
    take(document.root().at("app"));
    return true;
}

std::string MarathonControl::fetch_definition(const std::string& id, const std::string& version) {
    return http_.require({.url = fmt::format("{}/versions/{}", app_path(id), version)}).body;
}

std::string MarathonControl::fetch_oldest_version(const std::string& id) {
    const std::string url = app_path(id) + "/versions";
    const HttpResponse response = http_.require({.url = url}, {not_found});
    if (response.status == not_found) {
        return {};
    }
    const JsonDocument document = JsonDocument::parse(response.body, "marathon: GET " + url);
    std::string oldest;
    for (const JsonView& version : json_elements_of(document.root(), "versions")) {
        const std::string_view text = version.text();
        if (oldest.empty() || text < oldest) {
            oldest = text;
        }
    }
    return oldest;
}

std::vector<std::string> MarathonControl::fetch_queued() {
    const HttpResponse response = http_.require({.url = "/v2/queue"});
    const JsonDocument document = JsonDocument::parse(response.body, "marathon: GET /v2/queue");
    std::vector<std::string> ids;
    for (const JsonView& entry : json_elements_of(document.root(), "queue")) {
        if (const auto app = entry.find("app")) {  // of a pod there is none
            ids.emplace_back(app->at("id").text());
        }
    }
    return ids;
}

MarathonChange MarathonControl::change(const HttpRequest& request) {
    return judge_marathon_change(http_.name(), request, http_.send(request));
}

bool MarathonControl::has_patch() {
    if (!has_patch_) {
        const HttpResponse response = http_.require({.url = "/v2/info"});
        const JsonDocument document = JsonDocument::parse(response.body, "marathon: GET /v2/info");
        has_patch_ = knows_patch(json_text_or_empty(document.root(), "version"));
    }
    return *has_patch_;
}

MarathonChange MarathonControl::scale(const std::string& id, std::int64_t instances) {
    // A PUT, all that those before 1.4 know, would make an app that is gone: they are asked first.
    const bool patches = has_patch();
    if (!patches && !read_app(id, [](JsonView) {})) {
        return {.outcome = MarathonChange::Outcome::gone, .message = "404 there is no such app"};
    }
    const HttpRequest request{.method = patches ? HttpMethod::patch : HttpMethod::put,
                              .url = app_path(id),
                              .headers = json_body,
                              .body = fmt::format(R"({{"instances":{}}})", instances),
                              .effect = HttpEffect::repeatable_change};
    const HttpResponse response = http_.send(request);
    MarathonChange change = judge_marathon_change(http_.name(), request, response);
    if (change.outcome == MarathonChange::Outcome::locked && response.tries > 1) {
        recognise_own(id, instances, change);
    }
    return change;
}

void MarathonControl::recognise_own(const std::string& id,
                                    std::int64_t instances,
                                    MarathonChange& change) {
    read_app(id, [&](JsonView app) {
        const auto deployments = json_elements_of(app, "deployments");
        if (app.at("instances").integer() == instances && !deployments.empty()) {
            change = {.deployment = std::string(deployments.front().at("id").text())};
        }
    });
}

MarathonChange MarathonControl::remove(const std::string& id) {
    // Without the parameter every version forces, whatever its documentation says.
    return change({.method = HttpMethod::del, .url = app_path(id) + "?force=false"});
}

MarathonChange MarathonControl::create(std::string body) {
    return change({.method = HttpMethod::post,
                   .url = "/v2/apps",
                   .headers = json_body,
                   .body = std::move(body)});
}

bool MarathonControl::is_deploying(const std::string& deployment) {
    const HttpResponse response = http_.require({.url = "/v2/deployments"});
    const JsonDocument document =
        JsonDocument::parse(response.body, "marathon: GET /v2/deployments");
    return std::ranges::any_of(document.root().elements(), [&](const JsonView& one) {
        return one.at("id").text() == deployment;
    });
}

bool MarathonControl::wait_for(const std::string& deployment,
                               std::chrono::milliseconds limit,
                               Clock& clock,
                               const StopSignal& stop) {
    const SteadyTime end = clock.steady() + limit;
    for (auto pause = first_poll; !deployment.empty() && is_deploying(deployment);
         pause = std::min(pause * 2, longest_poll)) {
        if (clock.steady() + pause > end) {
            return false;
        }
        clock.wait(pause, stop);
        stop.check();
    }
    return true;
}

}  // namespace caretaker

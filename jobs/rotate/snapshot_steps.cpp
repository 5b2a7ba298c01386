// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/snapshot_steps.hpp"

#include "common/base/stop_signal.hpp"
#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/search_request.hpp"
#include "jobs/rotate/snapshot_reader.hpp"

#include <fmt/format.h>

#include <string>

namespace caretaker {

namespace {

ActionResult await_snapshot(StepTools& tools, const ActionSpec& spec, const std::string& path) {
    std::string state;
    const bool ended = wait_until(tools.context, spec, [&] {
        const HttpResponse response = tools.cluster.http().require({.url = path});
        const JsonDocument document = JsonDocument::parse(response.body, "GET " + path);
        const auto snapshots = document.root().at("snapshots").elements();
        state = snapshots.empty() ? "missing" : std::string(snapshots[0].at("state").text());
        return state != "IN_PROGRESS";
    });
    if (!ended) {
        return {.state = ActionState::failed, .error = "it is still in progress after max_wait"};
    }
    if (state != "SUCCESS") {
        return {.state = ActionState::failed, .error = fmt::format("it ended as {}", state)};
    }
    return {};
}

ActionResult take_snapshot(StepTools& tools, const RotateStep& step) {
    const CheckedOptions& options = step.spec->options;
    const std::string path = fmt::format(
        "/_snapshot/{}/{}", encode_segment(options.text("repository")), encode_segment(step.name));
    if (step.may_resume) {
        return await_snapshot(tools, *step.spec, path);
    }
    if (auto trouble = find_repository_trouble(tools, *step.spec)) {
        return std::move(*trouble);
    }
    JsonWriter json;
    json.begin_object();
    json.member("indices", fmt::format("{}", fmt::join(step.indices, ",")));
    json.member("ignore_unavailable", options.flag("ignore_unavailable"));
    json.member("include_global_state", options.flag("include_global_state"));
    json.member("partial", options.flag("partial"));
    json.end_object();
    HttpRequest request = json_request(
        HttpMethod::put, path + "?wait_for_completion=false", std::string(json.text()));
    request.effect = HttpEffect::single_change;
    const HttpResponse response = tools.cluster.http().send(request);
    if (!response.ok()) {
        return failure_of(tools.cluster, request, response);
    }
    return options.flag("wait_for_completion") ? await_snapshot(tools, *step.spec, path)
                                               : ActionResult{};
}

/// Whether no snapshot runs any more.
bool await_running_snapshot(StepTools& tools, const ActionSpec& spec) {
    const std::int64_t tries = spec.options.integer("retry_count");
    for (std::int64_t i = 0; is_snapshot_running(tools.cluster); ++i) {
        if (i >= tries) {
            return false;
        }
        tools.context.clock.wait(std::chrono::seconds(spec.options.integer("retry_interval")),
                                 tools.context.stop);
        tools.context.stop.check();
    }
    return true;
}

}  // namespace

std::optional<ActionResult> find_repository_trouble(StepTools& tools, const ActionSpec& spec) {
    if (!spec.options.flag("skip_repo_fs_check")) {
        const HttpRequest check{.method = HttpMethod::post,
                                .url = fmt::format("/_snapshot/{}/_verify",
                                                   encode_segment(spec.options.text("repository"))),
                                .effect = HttpEffect::repeatable_change};
        const HttpResponse response = tools.cluster.http().send(check);
        if (!response.ok()) {
            return failure_of(tools.cluster, check, response);
        }
    }
    if (!tools.cluster.has(SearchFeature::parallel_snapshots) &&
        is_snapshot_running(tools.cluster)) {
        return ActionResult{
            .state = ActionState::failed,
            .error = "another snapshot is in progress, and this version takes one at a time"};
    }
    return std::nullopt;
}

void run_snapshot_step(StepTools& tools, const RotateStep& step) {
    tools.executor.run(step.actions.front(), [&] { return take_snapshot(tools, step); });
}

void run_snapshot_deletes(StepTools& tools, const RotateStep& step) {
    const std::string repository = step.spec->options.text("repository");
    for (const std::size_t action : step.actions) {
        tools.executor.run(action, [&]() -> ActionResult {
            if (!tools.cluster.has(SearchFeature::parallel_snapshots) &&
                !await_running_snapshot(tools, *step.spec)) {
                return {.state = ActionState::failed,
                        .error = "a snapshot is still in progress after all retries"};
            }
            const std::string name(
                tools.executor.actions().subject(action).substr(repository.size() + 1));
            const HttpRequest request{
                .method = HttpMethod::del,
                .url = fmt::format(
                    "/_snapshot/{}/{}", encode_segment(repository), encode_segment(name)),
                .timeout = request_timeout(*step.spec),
                .may_be_silent = true};
            const HttpResponse response = tools.cluster.http().send(request);
            if (!response.ok() && response.status != 404) {
                return failure_of(tools.cluster, request, response);
            }
            return {};
        });
    }
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/step_runner.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/list_step.hpp"
#include "jobs/rotate/mount_step.hpp"
#include "jobs/rotate/reindex_step.hpp"
#include "jobs/rotate/restore_step.hpp"
#include "jobs/rotate/search_request.hpp"
#include "jobs/rotate/shrink_step.hpp"
#include "jobs/rotate/snapshot_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

bool StepRunner::run(const RotateStep& step) {
    waited_in_vain_ = false;
    switch (step.spec->type) {
        case ActionType::alias:
            run_alias(step);
            break;
        case ActionType::rollover:
            run_rollover(step);
            break;
        case ActionType::create_index:
            run_create(step);
            break;
        case ActionType::cluster_routing:
            run_routing(step);
            break;
        case ActionType::snapshot:
            run_snapshot_step(tools_, step);
            break;
        case ActionType::delete_snapshots:
            run_snapshot_deletes(tools_, step);
            break;
        case ActionType::restore:
            run_restore_step(tools_, step);
            break;
        case ActionType::reindex:
            run_reindex_step(tools_, step);
            break;
        case ActionType::shrink:
            run_shrink_step(tools_, step);
            break;
        case ActionType::cold2frozen:
            run_mount_step(tools_, step);
            break;
        default:
            run_list_step(tools_, step);
            if (step.spec->options.flag("wait_for_completion")) {
                wait_for_health(step);
            }
            break;
    }
    return is_done(step) && !waited_in_vain_;
}

bool StepRunner::is_done(const RotateStep& step) const {
    return !step.has_failed && std::ranges::none_of(step.actions, [&](std::size_t action) {
        const ActionState state = tools_.executor.actions().state(action);
        return state == ActionState::failed || state == ActionState::unknown;
    });
}

void StepRunner::run_alias(const RotateStep& step) {
    tools_.executor.run_together(step.actions, [&] {
        HttpRequest request = json_request(
            HttpMethod::post, "/_aliases", alias_body(step, tools_.executor.actions()));
        request.effect = HttpEffect::repeatable_change;
        request.timeout = request_timeout(*step.spec);
        return std::vector(step.actions.size(), send_change(tools_.cluster, request));
    });
}

void StepRunner::run_rollover(const RotateStep& step) {
    tools_.executor.run(step.actions.front(), [&]() -> ActionResult {
        HttpRequest request =
            json_request(HttpMethod::post,
                         fmt::format("/{}/_rollover{}{}?wait_for_active_shards={}",
                                     encode_segment(step.name),
                                     step.new_index.empty() ? "" : "/",
                                     encode_segment(step.new_index),
                                     step.spec->options.text("wait_for_active_shards")),
                         rollover_body(*step.spec));
        request.timeout = request_timeout(*step.spec);
        const HttpResponse response = tools_.cluster.http().send(request);
        if (!response.ok()) {
            return failure_of(tools_.cluster, request, response);
        }
        const JsonDocument document = JsonDocument::parse(response.body, request.url);
        const auto rolled_over = document.root().find("rolled_over");
        if (!rolled_over || !rolled_over->flag()) {
            return {.state = ActionState::skipped, .error = "its conditions are not met any more"};
        }
        return {};
    });
}

void StepRunner::run_create(const RotateStep& step) {
    tools_.executor.run(step.actions.front(), [&]() -> ActionResult {
        const CuratorValue* body = step.spec->options.find("extra_settings");
        HttpRequest request =
            json_request(HttpMethod::put,
                         fmt::format("/{}", encode_segment(step.name)),
                         body == nullptr || body->keys.empty() ? std::string() : to_json(*body));
        request.timeout = request_timeout(*step.spec);
        const HttpResponse response = tools_.cluster.http().send(request);
        const bool exists = response.body.find("already_exists_exception") != std::string::npos;
        if (!response.ok() && exists && step.spec->options.flag("ignore_existing")) {
            return {};
        }
        if (!response.ok()) {
            return failure_of(tools_.cluster, request, response);
        }
        return {};
    });
}

void StepRunner::run_routing(const RotateStep& step) {
    tools_.executor.run(step.actions.front(), [&] {
        const CheckedOptions& options = step.spec->options;
        JsonWriter json;
        json.begin_object();
        json.key("transient");
        json.begin_object();
        json.member(fmt::format("cluster.routing.{}.enable", options.text("routing_type")),
                    options.text("value"));
        json.end_object();
        json.end_object();
        HttpRequest request =
            json_request(HttpMethod::put, "/_cluster/settings", std::string(json.text()));
        request.timeout = request_timeout(*step.spec);
        return send_change(tools_.cluster, request);
    });
    if (step.spec->options.flag("wait_for_completion")) {
        wait_for_health(step);
    }
}

/// Of the indices of the step; of the whole cluster where it is about the cluster.
bool StepRunner::is_healthy(const RotateStep& step) {
    const bool wants_green = step.spec->type == ActionType::replicas;
    const auto is_good = [&](const IndexHealthFacts& health) {
        return wants_green ? health.is_green : health.relocating_shards == 0;
    };
    if (step.spec->type == ActionType::cluster_routing) {
        return is_good(fetch_health(tools_.cluster));
    }
    constexpr std::size_t around = 40;  // "GET /_cluster/health/ HTTP/1.1"
    return std::ranges::all_of(
        chunk_names(tools_.executor.actions(), step.actions, longest_request_line - around),
        [&](const NameChunk& chunk) { return is_good(fetch_health(tools_.cluster, chunk.names)); });
}

void StepRunner::wait_for_health(const RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    const bool wants_green = spec.type == ActionType::replicas;
    if (wants_green && spec.options.integer("count") == 0) {
        return;
    }
    if (!wait_until(tools_.context, spec, [&] { return is_healthy(step); })) {
        waited_in_vain_ = true;
        tools_.troubles.push_back(
            fmt::format("action {} ({}): {} after max_wait",
                        spec.id,
                        to_string(spec.type),
                        wants_green ? "not all are green" : "shards are still relocating"));
    }
}

}  // namespace caretaker

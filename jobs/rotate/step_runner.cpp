// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/step_runner.hpp"

#include "common/base/stop_signal.hpp"
#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

/// The failure that an answer is for the thing it is about; the service's own troubles are thrown.
ActionResult failure_of(ServiceHttp& http,
                        const HttpRequest& request,
                        const HttpResponse& response) {
    if (!is_item_error(response)) {
        throw describe_status(http.name(), request, response);
    }
    return {.state = ActionState::failed, .error = describe_search_error(response)};
}

/// What an answer 2xx says of itself: nothing when all went well.
std::optional<std::string> find_reservation(const HttpResponse& response, const std::string& what) {
    if (response.body.empty()) {
        return std::nullopt;
    }
    const JsonDocument document = JsonDocument::parse(response.body, what);
    if (!document.root().is_object()) {
        return std::nullopt;
    }
    const auto acknowledged = document.root().find("acknowledged");
    if (acknowledged && acknowledged->is_flag() && !acknowledged->flag()) {
        return "the server did not confirm it (acknowledged: false)";
    }
    if (const auto shards = document.root().find("_shards")) {
        const auto failed = shards->find("failed");
        if (failed && failed->integer() > 0) {
            return fmt::format("{} shards failed", failed->integer());
        }
    }
    return std::nullopt;
}

const IndexFacts* find_by_uuid(const std::vector<IndexFacts>& indices,
                               std::string_view name,
                               std::string_view uuid) {
    const auto found = std::ranges::lower_bound(
        indices, name, {}, [](const IndexFacts& index) { return std::string_view(index.name); });
    // Servers before 1.4 do not list uuids here; the name has to do.
    const bool is_it = found != indices.end() && found->name == name &&
                       (found->uuid.empty() || uuid.empty() || found->uuid == uuid);
    return is_it ? &*found : nullptr;
}

/// The answer to a change may have been lost though it was made.
bool leaves_doubt(const HttpError& error) {
    return error.fault() == HttpFault::timeout || error.fault() == HttpFault::stall ||
           error.fault() == HttpFault::cut;
}

}  // namespace

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
            run_snapshot(step);
            break;
        case ActionType::delete_snapshots:
            run_snapshot_deletes(step);
            break;
        default:
            run_list(step);
            break;
    }
    return is_done(step) && !waited_in_vain_;
}

bool StepRunner::is_done(const RotateStep& step) const {
    return std::ranges::none_of(step.actions, [&](std::size_t action) {
        const ActionState state = executor_.actions().state(action);
        return state == ActionState::failed || state == ActionState::unknown;
    });
}

ActionResult StepRunner::send_change(const HttpRequest& request) {
    const HttpResponse response = cluster_.http().send(request);
    if (!response.ok()) {
        return failure_of(cluster_.http(), request, response);
    }
    if (auto reservation = find_reservation(response, request.url)) {
        return {.state = ActionState::failed, .error = std::move(*reservation)};
    }
    return {};
}

void StepRunner::run_list(const RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    const std::string& endpoint = cluster_.http().endpoint();
    const std::size_t path =
        std::min(endpoint.find('/', endpoint.find("://") + 3), endpoint.size());
    const std::size_t overhead =
        request_overhead(spec, cluster_.engine()) + (endpoint.size() - path);
    const std::size_t longest = is_one_by_one(spec.type) ? 1 : longest_request_line - overhead;
    const double delay = spec.type == ActionType::forcemerge ? spec.options.real("delay") : 0;
    bool is_first = true;
    for (const NameChunk& chunk : chunk_names(executor_.actions(), step.actions, longest)) {
        if (!is_first && delay > 0) {
            context_.clock.wait(std::chrono::milliseconds(static_cast<std::int64_t>(delay * 1000)),
                                context_.stop);
        }
        is_first = false;
        executor_.run_together(chunk.actions, [&] { return change_chunk(spec, chunk); });
    }
    if (spec.options.flag("wait_for_completion")) {
        wait_for_health(step);
    }
}

StepRunner::Results StepRunner::change_chunk(const ActionSpec& spec, const NameChunk& chunk) {
    const bool deletes = spec.type == ActionType::delete_indices;
    for (const ChangeRequest& change : change_requests(spec, chunk.names, cluster_.engine())) {
        std::optional<HttpResponse> response;
        // Caught because the world tells what became of a change whose answer was lost.
        try {
            response = cluster_.http().send(change.request);
        } catch (const HttpError& error) {
            if (!deletes || !leaves_doubt(error)) {
                throw;
            }
            return look_again(chunk.actions, error.what());
        }
        if (change.may_fail) {
            continue;
        }
        if (response->ok() && !response->done_before) {
            const auto reservation = find_reservation(*response, change.request.url);
            if (!reservation) {
                continue;
            }
            if (deletes) {
                return look_again(chunk.actions, *reservation);
            }
        } else if (!is_item_error(*response) && response->status != 403) {
            throw describe_status(cluster_.http().name(), change.request, *response);
        }
        return change_each(spec, chunk.actions);
    }
    return Results(chunk.actions.size());
}

/// After a list was refused for one wrong name, and with it nothing was changed: each gets its
/// turn.
StepRunner::Results StepRunner::change_each(const ActionSpec& spec,
                                            std::span<const std::size_t> actions) {
    Results results;
    std::string trouble;
    for (const std::size_t action : actions) {
        if (!trouble.empty()) {
            results.push_back({.state = ActionState::skipped, .error = "not tried: " + trouble});
            continue;
        }
        context_.stop.check();
        // Caught so that what was done until then is not taken for failed, too.
        try {
            results.push_back(change_one(spec, action));
        } catch (const RemoteError& error) {
            trouble = error.what();
            results.push_back(
                {.state = error.may_have_arrived() ? ActionState::unknown : ActionState::failed,
                 .error = trouble});
        }
    }
    return results;
}

ActionResult StepRunner::change_one(const ActionSpec& spec, std::size_t action) {
    const std::string name = encode_segment(executor_.actions().subject(action));
    for (const ChangeRequest& change : change_requests(spec, name, cluster_.engine())) {
        const HttpResponse response = cluster_.http().send(change.request);
        if (change.may_fail) {
            continue;
        }
        if (!response.ok()) {
            if (response.status == 404 && spec.type == ActionType::delete_indices) {
                return {};  // somebody else was faster
            }
            ActionResult result{.state = ActionState::failed,
                                .error = describe_search_error(response),
                                .refused = !is_item_error(response) &&
                                           (response.status == 401 || response.status == 403)};
            if (!is_item_error(response) && !result.refused) {
                throw describe_status(cluster_.http().name(), change.request, response);
            }
            return result;
        }
        if (auto reservation = find_reservation(response, change.request.url)) {
            if (spec.type == ActionType::delete_indices) {
                return look_again({&action, 1}, *reservation).front();
            }
            return {.state = ActionState::failed, .error = std::move(*reservation)};
        }
    }
    return {};
}

StepRunner::Results StepRunner::look_again(std::span<const std::size_t> actions,
                                           const std::string& why) {
    const std::vector<IndexFacts> there = cluster_.fetch_names();
    Results results;
    for (const std::size_t action : actions) {
        const ActionList& list = executor_.actions();
        const bool is_there =
            find_by_uuid(there, list.subject(action), list.identity(action)) != nullptr;
        results.push_back(is_there
                              ? ActionResult{.state = ActionState::failed,
                                             .error = fmt::format("it is still there: {}", why)}
                              : ActionResult{});
    }
    return results;
}

void StepRunner::run_alias(const RotateStep& step) {
    executor_.run_together(step.actions, [&] {
        HttpRequest request =
            json_request(HttpMethod::post, "/_aliases", alias_body(step, executor_.actions()));
        request.effect = HttpEffect::repeatable_change;
        request.timeout = request_timeout(*step.spec);
        return Results(step.actions.size(), send_change(request));
    });
}

void StepRunner::run_rollover(const RotateStep& step) {
    executor_.run(step.actions.front(), [&]() -> ActionResult {
        HttpRequest request =
            json_request(HttpMethod::post,
                         fmt::format("/{}/_rollover{}{}?wait_for_active_shards={}",
                                     encode_segment(step.name),
                                     step.new_index.empty() ? "" : "/",
                                     encode_segment(step.new_index),
                                     step.spec->options.text("wait_for_active_shards")),
                         rollover_body(*step.spec));
        request.timeout = request_timeout(*step.spec);
        const HttpResponse response = cluster_.http().send(request);
        if (!response.ok()) {
            return failure_of(cluster_.http(), request, response);
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
    executor_.run(step.actions.front(), [&]() -> ActionResult {
        const CuratorValue* body = step.spec->options.find("extra_settings");
        HttpRequest request =
            json_request(HttpMethod::put,
                         fmt::format("/{}", encode_segment(step.name)),
                         body == nullptr || body->keys.empty() ? std::string() : to_json(*body));
        request.timeout = request_timeout(*step.spec);
        const HttpResponse response = cluster_.http().send(request);
        const bool exists = response.body.find("already_exists_exception") != std::string::npos;
        if (!response.ok() && exists && step.spec->options.flag("ignore_existing")) {
            return {};
        }
        if (!response.ok()) {
            return failure_of(cluster_.http(), request, response);
        }
        return {};
    });
}

void StepRunner::run_routing(const RotateStep& step) {
    executor_.run(step.actions.front(), [&] {
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
        return send_change(request);
    });
    if (step.spec->options.flag("wait_for_completion")) {
        wait_for_health(step);
    }
}

void StepRunner::run_snapshot(const RotateStep& step) {
    executor_.run(step.actions.front(), [&] { return start_snapshot(step); });
}

ActionResult StepRunner::start_snapshot(const RotateStep& step) {
    const CheckedOptions& options = step.spec->options;
    const std::string path = fmt::format(
        "/_snapshot/{}/{}", encode_segment(options.text("repository")), encode_segment(step.name));
    if (!options.flag("skip_repo_fs_check")) {
        const HttpRequest check{
            .method = HttpMethod::post,
            .url = fmt::format("/_snapshot/{}/_verify", encode_segment(options.text("repository"))),
            .effect = HttpEffect::repeatable_change};
        const HttpResponse response = cluster_.http().send(check);
        if (!response.ok()) {
            return failure_of(cluster_.http(), check, response);
        }
    }
    if (!has_feature(cluster_.engine(), SearchFeature::parallel_snapshots)) {
        const HttpResponse response = cluster_.http().require({.url = "/_snapshot/_status"});
        const JsonDocument document = JsonDocument::parse(response.body, "GET /_snapshot/_status");
        if (!document.root().at("snapshots").elements().empty()) {
            return {.state = ActionState::failed,
                    .error =
                        "another snapshot is in progress, and this version takes one at a "
                        "time"};
        }
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
    const HttpResponse response = cluster_.http().send(request);
    if (!response.ok()) {
        return failure_of(cluster_.http(), request, response);
    }
    return options.flag("wait_for_completion") ? await_snapshot(step, path) : ActionResult{};
}

ActionResult StepRunner::await_snapshot(const RotateStep& step, const std::string& path) {
    std::string state;
    const bool ended = wait_until(*step.spec, [&] {
        const HttpResponse response = cluster_.http().require({.url = path});
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

void StepRunner::run_snapshot_deletes(const RotateStep& step) {
    const std::string repository = step.spec->options.text("repository");
    for (const std::size_t action : step.actions) {
        executor_.run(action, [&]() -> ActionResult {
            const std::string name(
                executor_.actions().subject(action).substr(repository.size() + 1));
            const HttpRequest request{
                .method = HttpMethod::del,
                .url = fmt::format(
                    "/_snapshot/{}/{}", encode_segment(repository), encode_segment(name)),
                .timeout = request_timeout(*step.spec),
                .may_be_silent = true};
            const HttpResponse response = cluster_.http().send(request);
            if (!response.ok() && response.status != 404) {
                return failure_of(cluster_.http(), request, response);
            }
            return {};
        });
    }
}

bool StepRunner::wait_until(const ActionSpec& spec, const std::function<bool()>& check) {
    const auto interval = std::chrono::seconds(spec.options.integer("wait_interval"));
    const std::int64_t most = spec.options.integer("max_wait");
    const auto begin = context_.clock.steady();
    while (!check()) {
        const auto elapsed =
            std::chrono::floor<std::chrono::seconds>(context_.clock.steady() - begin);
        if (most >= 0 && elapsed.count() >= most) {
            return false;
        }
        context_.clock.wait(interval, context_.stop);
        context_.stop.check();
    }
    return true;
}

void StepRunner::wait_for_health(const RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    const bool wants_green = spec.type == ActionType::replicas;
    if (wants_green && spec.options.integer("count") == 0) {
        return;
    }
    const bool is_done = wait_until(spec, [&] {
        const HttpResponse response = cluster_.http().require({.url = "/_cluster/health"});
        const JsonDocument document = JsonDocument::parse(response.body, "GET /_cluster/health");
        return wants_green ? document.root().at("status").text() == "green"
                           : document.root().at("relocating_shards").integer() == 0;
    });
    if (!is_done) {
        waited_in_vain_ = true;
        troubles_.push_back(
            fmt::format("action {} ({}): {} after max_wait",
                        spec.id,
                        to_string(spec.type),
                        wants_green ? "the cluster is not green" : "shards are still relocating"));
    }
}

void verify_indices(SearchCluster& cluster, ActionExecutor& executor) {
    const ActionList& actions = executor.actions();
    const auto is_verifiable = [&](std::size_t i) {
        const std::string_view kind = actions.kind(i);
        return actions.state(i) == ActionState::done &&
               (kind == action_kind(ActionType::delete_indices) ||
                kind == action_kind(ActionType::close));
    };
    bool any = false;
    for (std::size_t i = 0; i < actions.size() && !any; ++i) {
        any = is_verifiable(i);
    }
    if (!any) {
        return;
    }
    const std::vector<IndexFacts> there = cluster.fetch_names();
    for (std::size_t i = 0; i < actions.size(); ++i) {
        if (!is_verifiable(i)) {
            continue;
        }
        const IndexFacts* index = find_by_uuid(there, actions.subject(i), actions.identity(i));
        const bool deletes = actions.kind(i) == action_kind(ActionType::delete_indices);
        if (index != nullptr && deletes) {
            executor.correct(i,
                             {.state = ActionState::failed,
                              .error = "the server confirmed it, and it is still there"});
        }
    }
}

}  // namespace caretaker

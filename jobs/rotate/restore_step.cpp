// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/restore_step.hpp"

#include "common/json/json_document.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/index_list_reader.hpp"
#include "jobs/rotate/search_request.hpp"
#include "jobs/rotate/snapshot_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace caretaker {

namespace {

using Results = std::vector<ActionResult>;

/// Whether all shards of those indices are recovered. An index without any is not begun yet, one
/// that is not there is no reason to wait: it is found missing afterwards.
bool is_recovered(StepTools& tools, const RotateStep& step) {
    constexpr std::string_view tail = "/_recovery?filter_path=*.shards.stage";
    for (const NameChunk& chunk : chunk_names(
             tools.executor.actions(), step.actions, longest_request_line - 2 * tail.size())) {
        const HttpRequest request{.url = fmt::format("/{}{}", chunk.names, tail)};
        const HttpResponse response = tools.cluster.http().require(request, {404});
        if (response.status == 404) {
            continue;
        }
        const JsonDocument document = JsonDocument::parse(response.body, "GET " + request.url);
        const auto indices = document.root().members();
        if (indices.size() < chunk.actions.size()) {
            return false;
        }
        for (const JsonMember& index : indices) {
            const auto shards = index.value.at("shards").elements();
            const bool all_done =
                !shards.empty() && std::ranges::all_of(shards, [](const JsonView& shard) {
                    return shard.at("stage").text() == "DONE";
                });
            if (!all_done) {
                return false;
            }
        }
    }
    return true;
}

Results look_at_restored(StepTools& tools, const RotateStep& step) {
    const IndexList there = fetch_names(tools.cluster);
    Results results;
    for (const std::size_t action : step.actions) {
        const std::string_view name = tools.executor.actions().subject(action);
        const bool is_there =
            std::ranges::binary_search(there.indices, name, {}, &IndexFacts::name);
        results.push_back(is_there ? ActionResult{}
                                   : ActionResult{.state = ActionState::failed,
                                                  .error = "the server restored the snapshot, and "
                                                           "this index is not there"});
    }
    return results;
}

Results await_restored(StepTools& tools, const RotateStep& step) {
    if (!step.spec->options.flag("wait_for_completion")) {
        return Results(step.actions.size());
    }
    if (!wait_until(tools.context, *step.spec, [&] { return is_recovered(tools, step); })) {
        return Results(step.actions.size(),
                       {.state = ActionState::failed,
                        .error = "its shards are not all recovered after max_wait"});
    }
    return look_at_restored(tools, step);
}

Results restore(StepTools& tools, const RotateStep& step) {
    const ActionSpec& spec = *step.spec;
    if (step.may_resume) {
        return await_restored(tools, step);
    }
    if (const auto trouble = find_repository_trouble(tools, spec)) {
        return Results(step.actions.size(), *trouble);
    }
    HttpRequest request =
        json_request(HttpMethod::post,
                     fmt::format("/_snapshot/{}/{}/_restore?wait_for_completion=false",
                                 encode_segment(spec.options.text("repository")),
                                 encode_segment(step.name)),
                     step.body);
    request.effect = HttpEffect::single_change;
    request.timeout = request_timeout(spec);
    const HttpResponse response = tools.cluster.http().send(request);
    if (!response.ok()) {
        return Results(step.actions.size(), failure_of(tools.cluster, request, response));
    }
    return await_restored(tools, step);
}

}  // namespace

void run_restore_step(StepTools& tools, const RotateStep& step) {
    tools.executor.run_together(step.actions, [&] { return restore(tools, step); });
}

}  // namespace caretaker

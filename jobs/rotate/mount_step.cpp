// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/mount_step.hpp"

#include "common/text/url_segment.hpp"
#include "jobs/rotate/alias_mover.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>

namespace caretaker {

namespace {

ActionResult mount(StepTools& tools, const RotateStep& step, const MountItem& item) {
    const CheckedOptions& options = step.spec->options;
    HttpRequest request = json_request(
        HttpMethod::post,
        fmt::format("/_snapshot/{}/{}/_mount?storage=shared_cache&wait_for_completion={}",
                    encode_segment(item.snapshot.repository),
                    encode_segment(item.snapshot.snapshot),
                    options.flag("wait_for_completion")),
        mount_body(options, item, step.tiers));
    request.effect = HttpEffect::single_change;
    request.timeout = request_timeout(*step.spec).value_or(std::chrono::hours(6));
    request.may_be_silent = true;
    ActionResult result = send_change(tools.cluster, request);
    const HttpRequest look{.method = HttpMethod::head, .url = "/" + encode_segment(item.target)};
    if (result.state == ActionState::done && !tools.cluster.http().send(look).ok()) {
        result = {.state = ActionState::failed,
                  .error = fmt::format("the server mounted it, and {} is not there", item.target)};
    }
    return result;
}

/// Puts the new index in the place of the one that was mounted whole.
ActionResult replace(StepTools& tools, const MountItem& item) {
    ActionResult result = move_aliases(tools.cluster, item.snapshot.index, item.target);
    if (result.state != ActionState::done) {
        result.error = fmt::format(
            "{} is there, the aliases could not be moved: {}", item.target, result.error);
        return result;
    }
    const HttpRequest remove{.method = HttpMethod::del,
                             .url = "/" + encode_segment(item.snapshot.index)};
    result = send_change(tools.cluster, remove);
    if (result.state != ActionState::done) {
        result.error = fmt::format(
            "{} is there, its predecessor could not be deleted: {}", item.target, result.error);
    }
    return result;
}

ActionResult mount_and_replace(StepTools& tools, const RotateStep& step, const MountItem& item) {
    if (!item.is_there) {
        ActionResult result = mount(tools, step, item);
        // What is not there as a whole yet takes nobody's place.
        if (result.state != ActionState::done || !step.spec->options.flag("wait_for_completion")) {
            return result;
        }
    }
    return replace(tools, item);
}

}  // namespace

void run_mount_step(StepTools& tools, const RotateStep& step) {
    for (std::size_t i = 0; i < step.actions.size(); ++i) {
        tools.executor.run(step.actions[i],
                           [&] { return mount_and_replace(tools, step, step.mounts[i]); });
    }
}

}  // namespace caretaker

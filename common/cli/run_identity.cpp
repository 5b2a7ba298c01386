// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_identity.hpp"

#include "common/base/host.hpp"
#include "common/base/uuid.hpp"
#include "common/base/version.hpp"
#include "common/config/settings.hpp"
#include "common/text/redact.hpp"
#include "common/text/shell_quote.hpp"

namespace caretaker {

RunInfo make_run_info(const RunRequest& request, const World& world) {
    const WallTime now = world.clock.now();
    const Trigger trigger = detect_trigger(world.environment, world.stdin_is_terminal, now);
    return {
        .uid = make_uuid7(now),
        .job = std::string(request.info.name),
        .target = request.target,
        .started_at = now,
        .trigger = trigger.name,
        .trigger_ref = trigger.ref,
        .attempt = trigger.attempt,
        .queue_delay = trigger.queue_delay,
        .dry_run = false,
        .host = choose_host_name(world.environment, system_host_name()),
        .boot_id = boot_id(),
        .version = std::string(build_info().version),
        .argv = format_arguments(request.args),
        .config_hash = request.settings.hash(),
    };
}

std::string format_arguments(std::span<const std::string> args) {
    std::string line = "caretaker";
    for (const std::string& word : args) {
        line += ' ' + shell_quoted(word);
    }
    return redact(line, {});
}

}  // namespace caretaker

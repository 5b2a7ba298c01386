// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_identity.hpp"

#include "common/base/host.hpp"
#include "common/base/uuid.hpp"
#include "common/base/version.hpp"
#include "common/config/settings.hpp"
#include "common/text/redact.hpp"
#include "common/text/shell_words.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace caretaker {

namespace {

/// What the caller says about itself goes over what its environment shows. Another trigger than
/// the detected one has no attempt and no queue that we know of.
Trigger choose_trigger(Trigger trigger, const RunOptions& options) {
    if (!options.trigger.empty() && options.trigger != trigger.name) {
        trigger = {.name = options.trigger};
    }
    if (!options.trigger_ref.empty()) {
        trigger.ref = options.trigger_ref;
    }
    return trigger;
}

bool is_secret_option(std::string_view name) {
    return name.starts_with("--") && (is_secret_name(name) || name == "--bearer_auth");
}

/// Whether the next word is an option's secret: "--password".
bool takes_secret(std::string_view word) {
    return word.find('=') == std::string_view::npos && is_secret_option(word);
}

/// "--api_key=***" of "--api_key=x".
std::string without_secret_value(std::string_view word) {
    const std::size_t equals = word.find('=');
    const bool has_secret =
        equals != std::string_view::npos && is_secret_option(word.substr(0, equals));
    return has_secret ? fmt::format("{}={}", word.substr(0, equals), redacted) : std::string(word);
}

}  // namespace

RunInfo make_run_info(const RunRequest& request, const World& world) {
    const WallTime now = world.clock.now();
    const RunOptions& options = request.options;
    const Trigger trigger =
        choose_trigger(detect_trigger(world.environment, world.stdin_is_terminal, now), options);
    return {
        .uid = make_uuid7(now),
        .job = std::string(request.info.name),
        .target = request.target,
        .started_at = now,
        .trigger = trigger.name,
        .trigger_ref = redact(trigger.ref, {}),  // addresses of builds may hold a password
        .attempt = trigger.attempt,
        .queue_delay = trigger.queue_delay,
        .dry_run = options.dry_run,
        .host = choose_host_name(world.environment, system_host_name()),
        .boot_id = boot_id(),
        .version = std::string(build_info().version),
        .argv = format_arguments(request.args),
        .config_hash = request.settings.hash(),
    };
}

std::string format_arguments(std::span<const std::string> args) {
    std::vector<std::string> words{"caretaker"};
    bool follows_secret = false;
    for (const std::string& arg : args) {
        words.push_back(follows_secret ? std::string(redacted) : without_secret_value(arg));
        follows_secret = takes_secret(arg);
    }
    return redact(join_shell_words(words), {});
}

}  // namespace caretaker

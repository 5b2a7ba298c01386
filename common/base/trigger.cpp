// SPDX-License-Identifier: Apache-2.0
#include "common/base/trigger.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

std::string_view value_of(const EnvironmentMap& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view{} : std::string_view(found->second);
}

template <typename Integer>
std::optional<Integer> parse_count(std::string_view text) {
    Integer number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stopped != end || number < 0) {
        return std::nullopt;
    }
    return number;
}

/// What a task id "ct:<epoch ms>:<attempt>:<job>:<arguments>" tells (Chronos 2 and 3).
struct ChronosTaskId {
    std::string_view queued_at{};
    std::string_view attempt{};
};

ChronosTaskId parse_task_id(std::string_view id) {
    if (!id.starts_with("ct:")) {
        return {};
    }
    id.remove_prefix(3);
    const std::size_t first = id.find(':');
    if (first == std::string_view::npos) {
        return {};
    }
    const std::string_view rest = id.substr(first + 1);
    return {.queued_at = id.substr(0, first), .attempt = rest.substr(0, rest.find(':'))};
}

std::optional<milliseconds> plausible_delay(std::int64_t queued_at_ms, WallTime now) {
    const std::int64_t delay = now.time_since_epoch().count() - queued_at_ms;
    if (delay < 0 || milliseconds(delay) > std::chrono::hours(24)) {
        return std::nullopt;
    }
    return milliseconds(delay);
}

Trigger chronos_trigger(const EnvironmentMap& environment, WallTime now) {
    std::string_view task_id = value_of(environment, "MESOS_TASK_ID");
    if (task_id.empty()) {
        task_id = value_of(environment, "mesos_task_id");
    }
    const ChronosTaskId from_id = parse_task_id(task_id);
    std::string_view queued_at = value_of(environment, "CHRONOS_JOB_RUN_TIME");
    std::string_view attempt = value_of(environment, "CHRONOS_JOB_RUN_ATTEMPT");
    queued_at = queued_at.empty() ? from_id.queued_at : queued_at;
    attempt = attempt.empty() ? from_id.attempt : attempt;

    Trigger trigger{.name = "chronos", .ref = std::string(task_id)};
    trigger.attempt = parse_count<int>(attempt).value_or(0);
    if (const auto queued_at_ms = parse_count<std::int64_t>(queued_at)) {
        trigger.queue_delay = plausible_delay(*queued_at_ms, now);
    }
    return trigger;
}

}  // namespace

Trigger detect_trigger(const EnvironmentMap& environment, bool stdin_is_terminal, WallTime now) {
    const auto has = [&](std::string_view name) { return !value_of(environment, name).empty(); };
    if (has("CHRONOS_JOB_NAME")) {
        return chronos_trigger(environment, now);
    }
    if (has("BUILD_URL") || has("JENKINS_URL")) {
        return {.name = "jenkins", .ref = std::string(value_of(environment, "BUILD_URL"))};
    }
    if (!stdin_is_terminal && !has("SSH_TTY")) {
        return {.name = "cron"};
    }
    return {};
}

}  // namespace caretaker

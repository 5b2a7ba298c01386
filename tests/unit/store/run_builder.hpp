// SPDX-License-Identifier: Apache-2.0
// Runs and their ends for tests of the store, complete but for what a test is about.
#pragma once

#include "common/base/report.hpp"
#include "common/base/run_info.hpp"
#include "common/store/run_records.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace caretaker {

inline constexpr WallTime first_start{std::chrono::milliseconds{1'777'777'777'123}};

/// A UUIDv7 whose last digits are `number` in decimal.
inline std::string make_uid(int number) {
    return fmt::format("019de7a1-1111-7abc-8def-{:012}", number);
}

/// Run `number`, started so many minutes after first_start.
inline RunInfo make_run(int number, std::string job = "lag", std::string target = "prod") {
    return {.uid = make_uid(number),
            .job = std::move(job),
            .target = std::move(target),
            .started_at = first_start + std::chrono::minutes(number),
            .trigger = "chronos",
            .trigger_ref = "ct:1:0:lag:",
            .host = "agent-1",
            .boot_id = "boot-1",
            .version = "0.1.0",
            .argv = "caretaker lag --target prod",
            .config_hash = "00112233445566778"};
}

/// The end of run `number`, two and a half seconds after its start; a skipped one met a lock.
inline RunClose make_close(const Report& report, int number, Outcome outcome = Outcome::ok) {
    return {
        .report = report,
        .ended_at = first_start + std::chrono::minutes(number) + std::chrono::milliseconds(2500),
        .duration = std::chrono::milliseconds(2500),
        .outcome = outcome,
        .error_code = outcome == Outcome::skipped ? std::string(locked_word) : std::string()};
}

inline Finding make_finding(std::string subject, Severity severity = Severity::warn) {
    return {.code = "lag_growing",
            .subject = std::move(subject),
            .message = "lag grew from 10 to 20",
            .severity = severity,
            .data = {{"lag", "20"}}};
}

}  // namespace caretaker

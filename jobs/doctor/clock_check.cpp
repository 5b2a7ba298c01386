// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/clock_check.hpp"

#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <sys/timex.h>

namespace caretaker {

namespace {

constexpr std::chrono::seconds noticeable{30};
constexpr const char* advice = "set up NTP (chrony, systemd-timesyncd) on this host";

}  // namespace

std::optional<bool> fetch_clock_synchronised() {
    struct timex state {};

    const int result = ::adjtimex(&state);
    if (result < 0) {
        return std::nullopt;  // e.g. forbidden by a container's seccomp profile
    }
    return result != TIME_ERROR;
}

CheckRows judge_clock(const ClockFacts& facts, std::optional<bool> synchronised) {
    CheckRow row{.check = "clock", .subject = "this host", .found = format_rfc3339(facts.now)};
    if (const auto trouble = find_clock_trouble(facts)) {
        row.state = CheckState::failed;
        row.found = *trouble;
        row.advice = advice;
    } else if (!synchronised) {
        row.found += "; the kernel does not tell whether it is synchronised";
    } else if (!*synchronised) {
        row.state = CheckState::warning;
        row.found += "; the kernel says it is not synchronised";
        row.advice = advice;
    } else {
        row.found += "; synchronised";
    }
    return {row};
}

CheckRows judge_service_clock(const std::string& service,
                              std::chrono::sys_seconds theirs,
                              WallTime ours) {
    const auto difference = std::chrono::abs(ours - theirs);
    if (difference <= noticeable) {
        return {};
    }
    return {{.check = "clock",
             .subject = service,
             .state = difference > clock_tolerance ? CheckState::failed : CheckState::warning,
             .found = fmt::format("its clock is {} {} ours",
                                  format_duration(difference),
                                  theirs > ours ? "ahead of" : "behind"),
             .advice = "set up NTP on both hosts; jobs that change things stop beyond 5 min"}};
}

}  // namespace caretaker

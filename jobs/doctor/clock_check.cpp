// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/clock_check.hpp"

#include "common/text/duration.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <sys/timex.h>

namespace caretaker {

namespace {

constexpr std::chrono::minutes too_far{5};
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

CheckRows judge_clock(const ClockFacts& facts) {
    CheckRow row{.check = "clock", .subject = "this host", .found = format_rfc3339(facts.now)};
    if (facts.newest_end && *facts.newest_end - facts.now > too_far) {
        row.state = CheckState::failed;
        row.found += fmt::format("; a run ended at {}, so the clock went back by at least {}",
                                 format_rfc3339(*facts.newest_end),
                                 format_duration(*facts.newest_end - facts.now));
        row.advice = advice;
    } else if (!facts.synchronised) {
        row.found += "; the kernel does not tell whether it is synchronised";
    } else if (!*facts.synchronised) {
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
             .state = difference > too_far ? CheckState::failed : CheckState::warning,
             .found = fmt::format("its clock is {} {} ours",
                                  format_duration(difference),
                                  theirs > ours ? "ahead of" : "behind"),
             .advice = "set up NTP on both hosts; jobs that change things stop beyond 5 min"}};
}

}  // namespace caretaker

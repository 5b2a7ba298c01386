// SPDX-License-Identifier: Apache-2.0
// Whether the services of a target answer.
#pragma once

#include "common/base/clock.hpp"
#include "common/http/http.hpp"
#include "jobs/doctor/doctor_check.hpp"

#include <string>
#include <string_view>

namespace caretaker {

struct Context;

/// Asks each address of each HTTP service of `target` that is configured, all addresses of one
/// service at once, for at most 5 s, and its Kafka brokers for their metadata.
CheckRows check_services(const Context& context, const std::string& target);

/// What an answer of `service` at `endpoint` says: whether it is that service, how long its
/// certificate lasts, how its clock stands.
CheckRows judge_answer(std::string_view service,
                       const std::string& endpoint,
                       const HttpOutcome& outcome,
                       WallTime now);

/// What is asked of a service: without rights where that is possible, and cheap.
std::string_view probe_path(std::string_view service);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// What all admin calls through librdkafka have in common: options, and waiting for events.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/rdkafka_handles.hpp"

#include <chrono>
#include <cstdint>

namespace caretaker {

class StopSignal;

/// How much later than its request timeout an admin call may put its event into the queue; who
/// waits less sees "no event" instead of the error.
inline constexpr std::chrono::milliseconds admin_answer_delay{400};

/// For calls that go to a coordinator: their request timeout, which is then not to pass within the
/// life of the handle. The library keeps looking for the coordinator of a call that has timed out,
/// and when it finds it, aborts the process (2.0.2: an assertion about "eonce->refcnt"). So the
/// caller waits no longer than it likes, and leaves the call behind.
inline constexpr std::chrono::milliseconds coordinator_call_timeout = std::chrono::hours(1);

RdAdminOptions make_admin_options(rd_kafka_t* handle,
                                  rd_kafka_admin_op_t operation,
                                  std::chrono::milliseconds request_timeout);

void set_request_timeout(rd_kafka_AdminOptions_t* options, std::chrono::milliseconds timeout);

/// Sends the request to this broker and to no other.
void set_admin_broker(rd_kafka_AdminOptions_t* options, std::int32_t broker);

/// The next event, or null when `deadline` passes without one. Throws Interrupted within 200 ms of
/// a stop request.
RdEvent wait_for_event(rd_kafka_queue_t* queue, SteadyTime deadline, const StopSignal& stop);

}  // namespace caretaker

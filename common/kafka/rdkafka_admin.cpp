// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/rdkafka_admin.hpp"

#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace caretaker {

using std::chrono::milliseconds;

RdAdminOptions make_admin_options(rd_kafka_t* handle,
                                  rd_kafka_admin_op_t operation,
                                  milliseconds request_timeout) {
    RdAdminOptions options(rd_kafka_AdminOptions_new(handle, operation));
    set_request_timeout(options.get(), request_timeout);
    return options;
}

void set_request_timeout(rd_kafka_AdminOptions_t* options, milliseconds timeout) {
    constexpr milliseconds library_maximum = std::chrono::hours(1);
    const auto value = std::clamp(timeout, milliseconds(1), library_maximum);
    std::array<char, 256> reason{};
    if (rd_kafka_AdminOptions_set_request_timeout(
            options, static_cast<int>(value.count()), reason.data(), reason.size()) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
        throw UsageError(
            fmt::format("the Kafka request timeout of {} ms: {}", value.count(), reason.data()));
    }
}

void set_admin_broker(rd_kafka_AdminOptions_t* options, std::int32_t broker) {
    std::array<char, 256> reason{};
    if (rd_kafka_AdminOptions_set_broker(options, broker, reason.data(), reason.size()) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
        throw std::logic_error(fmt::format("Kafka broker id {}: {}", broker, reason.data()));
    }
}

RdEvent wait_for_event(rd_kafka_queue_t* queue, SteadyTime deadline, const StopSignal& stop) {
    constexpr milliseconds slice{200};
    while (true) {
        stop.check();
        const auto left =
            std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        const auto wait = std::clamp(left, milliseconds(0), slice);
        RdEvent event(rd_kafka_queue_poll(queue, static_cast<int>(wait.count())));
        if (event || left <= slice) {
            return event;
        }
    }
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// One librdkafka handle: its configuration, and what its callbacks reported about the connection.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/kafka_properties.hpp"
#include "common/kafka/rdkafka_errors.hpp"
#include "common/kafka/rdkafka_handles.hpp"

#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// What the library reported about the connection so far.
struct ConnectionReport {
    std::optional<ConnectionCause> denied{};  // the first that no retry can help
    std::optional<ConnectionCause> last{};
    std::optional<SteadyTime> all_down_since{};
};

/// A handle of consumer type that is never subscribed: without a consumer group object, as a
/// producer or without group.id, the library crashes (2.0.2 and 2.15.0, upstream issue 5040) when a
/// coordinator answers NOT_COORDINATOR to an offset request. Shared with the threads that wait in
/// the library, which is thread-safe.
class RdKafkaConnection {
 public:
    /// Starts the library's threads, which connect by themselves. `properties` win over our
    /// defaults, apart from those by which looking on would change something. Throws UsageError
    /// that names the property that the library refuses. `keeps_sasl_plugins`: as in KafkaOptions.
    RdKafkaConnection(std::span<const KafkaProperty> properties, bool keeps_sasl_plugins);
    RdKafkaConnection(const RdKafkaConnection&) = delete;
    RdKafkaConnection& operator=(const RdKafkaConnection&) = delete;
    ~RdKafkaConnection() = default;

    [[nodiscard]] rd_kafka_t* handle() const noexcept { return handle_.get(); }

    /// Delivers the errors that wait, and says what is known now.
    [[nodiscard]] ConnectionReport report();

    /// What the user is told when nobody answers.
    [[nodiscard]] RemoteError error(const std::optional<ConnectionCause>& cause) const;

 private:
    static void on_error(rd_kafka_t* handle, int code, const char* reason, void* self) noexcept;
    void record(ConnectionCause cause);

    std::string servers_;
    std::string mechanism_;
    std::mutex mutex_;
    ConnectionReport report_;
    RdHandle handle_;  // last: its threads end before what they report to
};

}  // namespace caretaker

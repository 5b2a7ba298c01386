// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/connection_closer.hpp"

#include "common/kafka/rdkafka_connection.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace caretaker {

ConnectionCloser::~ConnectionCloser() {
    using std::chrono::milliseconds;
    const auto deadline = std::chrono::steady_clock::now() + milliseconds(300);
    for (DetachedWork& work : closing_) {
        const auto left =
            std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
        work.wait_for(std::max(left, milliseconds(0)));
    }
}

void ConnectionCloser::close(std::shared_ptr<RdKafkaConnection> connection) noexcept {
    // Caught because there is a second way: without a thread to be had, as in a container at its
    // limit of processes, the connection has ended with what was to be the thread's work.
    try {
        closing_.emplace_back(
            1, [connection = std::move(connection)](const auto&) mutable { connection.reset(); });
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace caretaker

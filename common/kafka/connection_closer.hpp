// SPDX-License-Identifier: Apache-2.0
// Ends connections in the background, while a run goes on with what it has read.
#pragma once

#include "common/kafka/detached_work.hpp"

#include <list>
#include <memory>

namespace caretaker {

class RdKafkaConnection;

/// Destroying a handle of the library waits for its threads: some milliseconds as a rule, half a
/// minute when one of them is looking up a name. Not thread-safe.
class ConnectionCloser {
 public:
    ConnectionCloser() = default;
    /// Waits for what is still being closed, but not longer than 300 ms in all.
    ~ConnectionCloser();
    ConnectionCloser(const ConnectionCloser&) = delete;
    ConnectionCloser& operator=(const ConnectionCloser&) = delete;

    /// Returns at once; the connection ends when nobody else holds it either.
    void close(std::shared_ptr<RdKafkaConnection> connection) noexcept;

 private:
    std::list<DetachedWork> closing_;
};

}  // namespace caretaker

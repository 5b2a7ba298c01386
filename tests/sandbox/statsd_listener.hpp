// SPDX-License-Identifier: Apache-2.0
// A StatsD server that only listens: UDP on loopback, received lines kept for tests.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// Listens on 127.0.0.1, port by the kernel, from construction to destruction. Every function may
/// be called from any thread.
class StatsdListener {
 public:
    /// `on_line` is called for every line, in the listener's thread. With `keep_lines` 0 nothing is
    /// kept.
    explicit StatsdListener(std::function<void(std::string_view)> on_line = {},
                            std::size_t keep_lines = 1'000'000);
    ~StatsdListener();
    StatsdListener(const StatsdListener&) = delete;
    StatsdListener& operator=(const StatsdListener&) = delete;

    /// "127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;
    [[nodiscard]] std::uint16_t port() const;

    /// The lines in the order received, without line breaks; empty lines are left out.
    [[nodiscard]] std::vector<std::string> lines() const;

    /// Waits until at least `count` lines are kept; false when `timeout` passed before.
    [[nodiscard]] bool wait_for(std::size_t count, std::chrono::milliseconds timeout) const;

    [[nodiscard]] std::uint64_t datagrams() const;

    /// In bytes of payload.
    [[nodiscard]] std::size_t largest_datagram() const;

    /// Forgets lines and counts.
    void clear();

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace caretaker::sandbox

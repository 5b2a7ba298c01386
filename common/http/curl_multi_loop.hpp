// SPDX-License-Identifier: Apache-2.0
// Drives libcurl's transfers while watching the stop signal.
#pragma once

#include "common/http/curl_library.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace caretaker {

class StopSignal;

/// A transfer that is over.
using CurlDone = std::pair<CURL*, CURLcode>;

class CurlMultiLoop {
 public:
    /// `patience`: the longest wait, after which transfers are looked at again.
    CurlMultiLoop(const StopSignal& stop, std::chrono::milliseconds patience);

    /// A handle that takes part in the loop until this is destroyed.
    class Membership {
     public:
        Membership(CurlMultiLoop& loop, CURL* easy);
        ~Membership();
        Membership(const Membership&) = delete;
        Membership& operator=(const Membership&) = delete;

     private:
        CurlMultiLoop& loop_;
        CURL* easy_;
    };

    /// Lets the transfers do what they can without waiting; returns one that is over. Throws
    /// Interrupted once a stop was requested and the grace is over.
    std::optional<CurlDone> step();

    /// Waits until a transfer can go on or a stop is requested, or patience ends.
    void wait();

    /// The same, no longer than `most`.
    void wait(std::chrono::milliseconds most);

    /// How long transfers may go on after a stop; 0 at first.
    void set_grace(std::chrono::milliseconds grace) { grace_ = grace; }

    /// The whole transfer of one handle, alone in the loop.
    CURLcode run(CURL* easy);

 private:
    std::optional<CurlDone> next_done();
    void check_stop();

    const StopSignal& stop_;
    std::chrono::milliseconds patience_;
    CurlMulti multi_;
    std::chrono::milliseconds grace_{0};
    std::optional<std::chrono::steady_clock::time_point> stop_seen_{};
};

}  // namespace caretaker

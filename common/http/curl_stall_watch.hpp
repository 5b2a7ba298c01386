// SPDX-License-Identifier: Apache-2.0
// Ends a transfer that stands still.
#pragma once

#include "common/http/curl_library.hpp"
#include "common/http/http.hpp"

#include <chrono>
#include <cstdint>

namespace caretaker {

/// Decides from byte counts at points in time: fewer than one byte a second over a whole `stall`
/// is one. Pure.
class StallMeter {
 public:
    using Time = std::chrono::steady_clock::time_point;

    explicit StallMeter(std::chrono::milliseconds stall) : stall_(stall) {}

    /// `bytes`: all moved until `now`, in both directions. The first call begins the measure.
    [[nodiscard]] bool is_stalled(std::uint64_t bytes, Time now);

    /// Begins anew with the next call.
    void restart() { begun_ = false; }

 private:
    std::chrono::milliseconds stall_;
    bool begun_ = false;
    std::uint64_t bytes_ = 0;  // at `since_`
    Time since_{};
};

/// libcurl's own measure (CURLOPT_LOW_SPEED_TIME) counts whole seconds, and takes some more of them
/// than it is told.
class CurlStallWatch {
 public:
    explicit CurlStallWatch(std::chrono::milliseconds stall) : meter_(stall) {}

    /// Sets `easy` to end by CURLE_ABORTED_BY_CALLBACK. This object must outlive the transfer.
    void attach(CURL* easy);

    [[nodiscard]] bool has_stalled() const { return stalled_; }

    /// Forgets what was: while we did not look, nothing could move.
    void restart() { meter_.restart(); }

 private:
    static int on_progress(void* self,
                           curl_off_t download_total,
                           curl_off_t downloaded,
                           curl_off_t upload_total,
                           curl_off_t uploaded);

    CURL* easy_ = nullptr;
    StallMeter meter_;
    bool stalled_ = false;
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// What the services of a run say about the time: the Date headers of their answers.
#pragma once

#include "common/base/clock.hpp"
#include "common/http/http.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace caretaker {

/// The largest distance seen between a service's clock and ours.
class ServiceClocks {
 public:
    struct Offset {
        std::string service{};
        std::chrono::milliseconds ahead{0};  // of the service; negative: it is behind us
    };

    /// An answer came at `now`. One out of a cache (with an Age header) tells nothing, nor does one
    /// without a Date.
    void add(const std::string& service, const HttpResponse& response, WallTime now);

    /// Nothing before the first Date.
    [[nodiscard]] const std::optional<Offset>& largest() const { return largest_; }

 private:
    std::optional<Offset> largest_{};
};

/// A client over another one that shows each answer to `clocks`. `clock` and `clocks` outlive it.
std::unique_ptr<HttpClient> watch_service_clock(std::unique_ptr<HttpClient> inner,
                                                const std::string& service,
                                                Clock& clock,
                                                ServiceClocks& clocks);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Sends many requests over a client, and those that need it again and again.
#pragma once

#include "common/http/http.hpp"

#include <cstddef>
#include <functional>

namespace caretaker {

struct SendRules {
    /// The request of that index as it goes out in this round.
    std::function<HttpRequest(std::size_t)> request{};
    /// Whether it takes part in the next round too. May replace an outcome that is final.
    std::function<bool(std::size_t, HttpOutcome&)> again{};
    /// After each round; whether another one follows.
    std::function<void(bool)> after_round{};
};

/// Rounds of HttpClient::send_all() until no request has to go out again; `on_outcome` gets what is
/// final.
void send_in_rounds(HttpClient& client,
                    std::size_t count,
                    std::size_t max_parallel,
                    const SendRules& rules,
                    const HttpOnOutcome& on_outcome);

}  // namespace caretaker

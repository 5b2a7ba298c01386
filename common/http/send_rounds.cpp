// SPDX-License-Identifier: Apache-2.0
#include "common/http/send_rounds.hpp"

#include <numeric>
#include <utility>
#include <vector>

namespace caretaker {

void send_in_rounds(HttpClient& client,
                    std::size_t count,
                    std::size_t max_parallel,
                    const SendRules& rules,
                    const HttpOnOutcome& on_outcome) {
    std::vector<std::size_t> pending(count);
    std::iota(pending.begin(), pending.end(), std::size_t{0});
    while (!pending.empty()) {
        std::vector<HttpRequest> batch;
        batch.reserve(pending.size());
        for (const std::size_t index : pending) {
            batch.push_back(rules.request(index));
        }
        std::vector<std::size_t> next;
        client.send_all(batch, max_parallel, [&](std::size_t i, HttpOutcome outcome) {
            if (rules.again(pending[i], outcome)) {
                next.push_back(pending[i]);
            } else {
                on_outcome(pending[i], std::move(outcome));
            }
        });
        pending = std::move(next);
        if (rules.after_round) {
            rules.after_round(!pending.empty());
        }
    }
}

}  // namespace caretaker

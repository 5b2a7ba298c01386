// SPDX-License-Identifier: Apache-2.0
#include "common/http/retrying_http.hpp"

#include "common/base/stop_signal.hpp"
#include "common/http/retry_rules.hpp"
#include "common/http/send_rounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace caretaker {

HttpResponse RetryingHttp::send(const HttpRequest& request) {
    Attempts attempts;
    while (true) {
        HttpOutcome outcome = try_send(inner_, request);
        ++attempts.count;
        const auto pause = wait_before_next(request, outcome, attempts.count);
        if (!pause) {
            return take_answer(finish(request, std::move(outcome), attempts));
        }
        attempts.arrived = attempts.arrived || may_have_arrived(outcome);
        wait(*pause);
    }
}

void RetryingHttp::send_all(std::span<const HttpRequest> requests,
                            std::size_t max_parallel,
                            const HttpOnOutcome& on_outcome) {
    std::vector<Attempts> attempts(requests.size());
    std::chrono::milliseconds longest{0};
    const SendRules rules{
        .request = [&](std::size_t index) { return requests[index]; },
        .again =
            [&](std::size_t index, HttpOutcome& outcome) {
                Attempts& sofar = attempts[index];
                ++sofar.count;
                const auto pause = wait_before_next(requests[index], outcome, sofar.count);
                if (!pause) {
                    outcome = finish(requests[index], std::move(outcome), sofar);
                    return false;
                }
                sofar.arrived = sofar.arrived || may_have_arrived(outcome);
                longest = std::max(longest, *pause);
                return true;
            },
        .after_round =
            [&](bool another) {
                if (another) {
                    wait(std::exchange(longest, std::chrono::milliseconds(0)));
                }
            },
    };
    send_in_rounds(inner_, requests.size(), max_parallel, rules, on_outcome);
}

HttpOutcome RetryingHttp::finish(const HttpRequest& request,
                                 HttpOutcome outcome,
                                 Attempts attempts) {
    if (auto* error = std::get_if<HttpError>(&outcome)) {
        if (attempts.count > 1) {
            error->add_context(fmt::format("after {} tries", attempts.count));
        }
        return outcome;
    }
    std::get<HttpResponse>(outcome).tries = attempts.count;
    note_done_before(request, attempts.arrived, outcome);
    return outcome;
}

std::optional<std::chrono::milliseconds> RetryingHttp::wait_before_next(const HttpRequest& request,
                                                                        const HttpOutcome& outcome,
                                                                        int tries) {
    if (tries >= options_.tries || !may_send_again(effect_of(request), outcome)) {
        return std::nullopt;
    }
    std::optional<std::chrono::milliseconds> retry_after;
    if (const auto* response = std::get_if<HttpResponse>(&outcome)) {
        retry_after = parse_retry_after(response->header("Retry-After"), clock_.now());
    }
    const auto pause = retry_wait(tries, options_.jitter ? options_.jitter() : 1.0, retry_after);
    if (options_.deadline && clock_.steady() + pause >= *options_.deadline) {
        return std::nullopt;
    }
    if (options_.on_retry) {
        options_.on_retry(request, outcome, pause);
    }
    return pause;
}

void RetryingHttp::wait(std::chrono::milliseconds duration) {
    if (!clock_.wait(duration, stop_)) {
        stop_.check();
    }
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/http/retrying_http.hpp"

#include "common/base/stop_signal.hpp"
#include "common/http/retry_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

bool may_have_reached(const HttpOutcome& outcome) {
    const auto* error = std::get_if<HttpError>(&outcome);
    return error == nullptr || error->progress().request_sent;
}

}  // namespace

HttpResponse RetryingHttp::send(const HttpRequest& request) {
    Attempts attempts;
    while (true) {
        HttpOutcome outcome = try_send(inner_, request);
        ++attempts.count;
        const auto pause = wait_before_next(request, outcome, attempts.count);
        if (!pause) {
            return take_answer(finish(request, std::move(outcome), attempts));
        }
        attempts.reached = attempts.reached || may_have_reached(outcome);
        wait(*pause);
    }
}

void RetryingHttp::send_all(std::span<const HttpRequest> requests,
                            std::size_t max_parallel,
                            const HttpOnOutcome& on_outcome) {
    std::vector<Attempts> attempts(requests.size());
    std::vector<std::size_t> pending(requests.size());
    std::iota(pending.begin(), pending.end(), std::size_t{0});
    while (!pending.empty()) {
        std::vector<HttpRequest> batch;
        for (const std::size_t index : pending) {
            batch.push_back(requests[index]);
        }
        std::vector<std::size_t> again;
        std::chrono::milliseconds longest{0};
        inner_.send_all(batch, max_parallel, [&](std::size_t i, HttpOutcome outcome) {
            const std::size_t index = pending[i];
            Attempts& sofar = attempts[index];
            ++sofar.count;
            const auto pause = wait_before_next(requests[index], outcome, sofar.count);
            if (!pause) {
                on_outcome(index, finish(requests[index], std::move(outcome), sofar));
                return;
            }
            sofar.reached = sofar.reached || may_have_reached(outcome);
            longest = std::max(longest, *pause);
            again.push_back(index);
        });
        if (!again.empty()) {
            wait(longest);
        }
        pending = std::move(again);
    }
}

HttpOutcome RetryingHttp::finish(const HttpRequest& request,
                                 HttpOutcome outcome,
                                 Attempts attempts) const {
    if (auto* error = std::get_if<HttpError>(&outcome)) {
        if (attempts.count > 1) {
            error->add_context(fmt::format("after {} tries", attempts.count));
        }
        return outcome;
    }
    auto& response = std::get<HttpResponse>(outcome);
    response.tries = attempts.count;
    response.done_before =
        request.method == HttpMethod::del && response.status == 404 && attempts.reached;
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

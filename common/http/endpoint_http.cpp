// SPDX-License-Identifier: Apache-2.0
#include "common/http/endpoint_http.hpp"

#include "common/http/retry_rules.hpp"
#include "common/http/send_rounds.hpp"
#include "common/text/stable_hash.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace caretaker {

namespace {

bool is_for_endpoints(const HttpRequest& request) {
    return request.url.starts_with('/');
}

/// Timeouts and broken connections are left to the retries, whose waits they deserve.
bool may_ask_next(const HttpRequest& request, const HttpOutcome& outcome) {
    const auto* error = std::get_if<HttpError>(&outcome);
    const bool at_once = error == nullptr || error->fault() == HttpFault::connect;
    return at_once && may_send_again(effect_of(request), outcome);
}

}  // namespace

EndpointHttp::EndpointHttp(HttpClient& inner,
                           std::vector<std::string> endpoints,
                           std::string_view run_uid)
    : inner_(inner), endpoints_(std::move(endpoints)), left_out_(endpoints_.size(), false) {
    if (endpoints_.empty()) {
        throw std::logic_error("a service needs an endpoint");
    }
    current_ = stable_hash(run_uid) % endpoints_.size();
}

HttpResponse EndpointHttp::send(const HttpRequest& request) {
    if (!is_for_endpoints(request)) {
        return inner_.send(request);
    }
    bool arrived = false;
    for (std::size_t asked = 1;; ++asked) {
        HttpOutcome outcome = try_send(inner_, complete(request));
        note_done_before(request, arrived, outcome);
        arrived = arrived || may_have_arrived(outcome);
        const bool failed = is_endpoint_failure(outcome);
        if (failed) {
            leave_out_current();
        }
        if (!failed || asked >= endpoints_.size() || !may_ask_next(request, outcome)) {
            return take_answer(std::move(outcome));
        }
    }
}

void EndpointHttp::send_all(std::span<const HttpRequest> requests,
                            std::size_t max_parallel,
                            const HttpOnOutcome& on_outcome) {
    std::size_t asked = 1;
    bool any_failed = false;
    std::vector<bool> arrived(requests.size(), false);
    const SendRules rules{
        .request = [&](std::size_t index) { return complete(requests[index]); },
        .again =
            [&](std::size_t index, HttpOutcome& outcome) {
                note_done_before(requests[index], arrived[index], outcome);
                arrived[index] = arrived[index] || may_have_arrived(outcome);
                const bool failed =
                    is_for_endpoints(requests[index]) && is_endpoint_failure(outcome);
                any_failed = any_failed || failed;
                return failed && asked < endpoints_.size() &&
                       may_ask_next(requests[index], outcome);
            },
        .after_round =
            [&](bool /*another*/) {
                if (std::exchange(any_failed, false)) {
                    leave_out_current();
                }
                ++asked;
            },
    };
    send_in_rounds(inner_, requests.size(), max_parallel, rules, on_outcome);
}

HttpRequest EndpointHttp::complete(const HttpRequest& request) const {
    HttpRequest completed = request;
    if (is_for_endpoints(request)) {
        std::string base = endpoints_[current_];
        while (base.ends_with('/')) {
            base.pop_back();
        }
        completed.url = base + request.url;
    }
    return completed;
}

void EndpointHttp::leave_out_current() {
    left_out_[current_] = true;
    if (std::ranges::find(left_out_, false) == left_out_.end()) {
        left_out_.assign(endpoints_.size(), false);
    }
    do {
        current_ = (current_ + 1) % endpoints_.size();
    } while (left_out_[current_]);
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/http/observed_http.hpp"

#include "common/base/log.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

HttpResponse ObservedHttp::send(const HttpRequest& request) {
    const SteadyTime start = clock_.steady();
    tally_.add_request();  // also if the reader of the answer throws
    HttpOutcome outcome = try_send(inner_, request);
    note(request, outcome, start);
    return take_answer(std::move(outcome));
}

void ObservedHttp::send_all(std::span<const HttpRequest> requests,
                            std::size_t max_parallel,
                            const HttpOnOutcome& on_outcome) {
    const SteadyTime start = clock_.steady();
    inner_.send_all(requests, max_parallel, [&](std::size_t index, HttpOutcome outcome) {
        tally_.add_request();
        note(requests[index], outcome, start);
        on_outcome(index, std::move(outcome));
    });
}

void ObservedHttp::note(const HttpRequest& request, const HttpOutcome& outcome, SteadyTime since) {
    tally_.add_outcome(service_, request, outcome);
    const auto elapsed =
        std::chrono::floor<std::chrono::milliseconds>(clock_.steady() - since).count();
    const auto* response = std::get_if<HttpResponse>(&outcome);
    const std::string result = response != nullptr ? std::to_string(response->status)
                                                   : std::get<HttpError>(outcome).code();
    log_.debug(redact(fmt::format("{}: {} {}", service_, to_string(request.method), request.url),
                      secrets_),
               {{"status", result},
                {"ms", std::to_string(elapsed)},
                {"bytes", std::to_string(response == nullptr ? 0 : response->body.size())}});
}

}  // namespace caretaker

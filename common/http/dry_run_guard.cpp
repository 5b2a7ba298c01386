// SPDX-License-Identifier: Apache-2.0
#include "common/http/dry_run_guard.hpp"

#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace caretaker {

namespace {

void check_reads(const HttpRequest& request) {
    if (effect_of(request) != HttpEffect::read) {
        throw std::logic_error(fmt::format("a dry run was about to send {} {}",
                                           to_string(request.method),
                                           redact(request.url, {})));
    }
}

}  // namespace

HttpResponse DryRunGuard::send(const HttpRequest& request) {
    check_reads(request);
    return inner_.send(request);
}

void DryRunGuard::send_all(std::span<const HttpRequest> requests,
                           std::size_t max_parallel,
                           const HttpOnOutcome& on_outcome) {
    for (const HttpRequest& request : requests) {
        check_reads(request);
    }
    inner_.send_all(requests, max_parallel, on_outcome);
}

}  // namespace caretaker

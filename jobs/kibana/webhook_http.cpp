// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/webhook_http.hpp"

#include "common/base/context.hpp"
#include "common/http/http.hpp"

#include <fmt/format.h>

namespace caretaker {

std::unique_ptr<HttpClient> open_webhook(const Context& context) {
    const RunInfo& run = context.run;
    return context.connect.http(
        {.service = "webhook",
         .user_agent = fmt::format("caretaker/{} ({}; {})", run.version, run.job, run.uid),
         .max_response_bytes = 64ULL * 1024},
        context.stop);
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/webhook_http.hpp"

#include "common/http/one_try_http.hpp"

namespace caretaker {

std::unique_ptr<HttpClient> open_webhook(Context& context) {
    return std::make_unique<OneTryHttp>(
        HttpOptions{.service = "webhook", .max_response_bytes = 64ULL * 1024}, context);
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The client that carries events to webhooks.
#pragma once

#include <memory>

namespace caretaker {

class HttpClient;
struct Context;

/// Without retries: the outbox has its own.
std::unique_ptr<HttpClient> open_webhook(Context& context);

}  // namespace caretaker

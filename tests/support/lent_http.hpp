// SPDX-License-Identifier: Apache-2.0
// An HTTP client that a test lends to the code under test and keeps.
#pragma once

#include "common/base/context.hpp"
#include "common/http/http.hpp"

#include <memory>

namespace caretaker {

class LentHttp final : public HttpClient {
 public:
    explicit LentHttp(HttpClient& inner) : inner_(inner) {}

    HttpResponse send(const HttpRequest& request) override { return inner_.send(request); }

 private:
    HttpClient& inner_;
};

/// Connectors whose HTTP is always `wire`.
inline Connectors lend_http(HttpClient& wire) {
    return {.http = [&wire](const HttpOptions&, const StopSignal&) {
        return std::make_unique<LentHttp>(wire);
    }};
}

}  // namespace caretaker

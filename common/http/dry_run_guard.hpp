// SPDX-License-Identifier: Apache-2.0
// The net under a dry run: nothing that changes a service passes.
#pragma once

#include "common/http/http.hpp"

namespace caretaker {

/// A client over another one. Throws std::logic_error for a request that would change something
/// (effect_of()): a job that sends one in a dry run is wrong, and must not get away with it.
class DryRunGuard final : public HttpClient {
 public:
    explicit DryRunGuard(HttpClient& inner) : inner_(inner) {}

    HttpResponse send(const HttpRequest& request) override;
    void send_all(std::span<const HttpRequest> requests,
                  std::size_t max_parallel,
                  const HttpOnOutcome& on_outcome) override;

 private:
    HttpClient& inner_;
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// One request on a libcurl handle, from its options to its outcome.
#pragma once

#include "common/http/curl_answer.hpp"
#include "common/http/curl_library.hpp"
#include "common/http/curl_request.hpp"
#include "common/http/curl_stall_watch.hpp"
#include "common/http/curl_trace.hpp"
#include "common/http/curl_upload.hpp"
#include "common/http/http.hpp"

#include <array>
#include <memory>
#include <string>

namespace caretaker {

/// Sets the handle up, which must have no options of its own; takes them back in the end. The
/// handle's connections live on.
class CurlTransfer {
 public:
    CurlTransfer(CURL* easy, const HttpRequest& request, const HttpOptions& options);

    [[nodiscard]] CURL* easy() const { return easy_.get(); }

    [[nodiscard]] CurlAnswer& answer() { return answer_; }

    /// To be called when the transfer goes on after its user did something else for a while.
    void go_on() { stall_watch_.restart(); }

    /// Whether at least one byte of the request may have reached the service.
    [[nodiscard]] bool has_sent() const;

    /// The answer of a transfer that ended with `result`. Throws HttpError, and what the body's
    /// reader threw. `certificate` is what a refused server showed.
    HttpResponse finish(CURLcode result, const std::string& certificate);

 private:
    [[nodiscard]] HttpError failure(CURLcode result, const std::string& certificate) const;

    std::unique_ptr<CURL, CurlEasyReset> easy_;
    const HttpRequest& request_;
    const HttpOptions& options_;
    CurlHeaders headers_;
    CurlAnswer answer_;
    CurlUpload upload_;
    CurlTrace trace_;
    CurlStallWatch stall_watch_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
};

/// HttpRequest::max_response_bytes, else that of the options.
std::uint64_t response_limit(const HttpRequest& request, const HttpOptions& options);

}  // namespace caretaker

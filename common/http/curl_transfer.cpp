// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_transfer.hpp"

#include "common/http/curl_certificate.hpp"
#include "common/http/curl_failure.hpp"

namespace caretaker {

CurlTransfer::CurlTransfer(CURL* easy, const HttpRequest& request, const HttpOptions& options)
    : easy_(easy),
      request_(request),
      options_(options),
      headers_(request, options),
      answer_(response_limit(request, options), request.read_answer || request.follow_answer),
      upload_(request),
      trace_(options),
      stall_watch_(options.stall_time) {
    set_connection(easy, request, options);
    set_security(easy, options);
    set_request(easy, request, options);
    if (request.open_body) {
        upload_.attach(easy);
    }
    set_option(easy, CURLOPT_HTTPHEADER, headers_.get());
    set_option(easy, CURLOPT_ERRORBUFFER, error_text_.data());
    answer_.attach(easy);
    trace_.attach(easy);
    if (!request.may_be_silent) {
        stall_watch_.attach(easy);
    }
}

bool CurlTransfer::has_sent() const {
    long bytes = 0;
    curl_library().easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes);
    return bytes > 0;
}

HttpResponse CurlTransfer::finish(CURLcode result, const std::string& certificate) {
    upload_.rethrow();
    if (result != CURLE_OK) {
        throw failure(result, certificate);
    }
    HttpResponse response = answer_.take();
    response.url = request_.url;
    response.certificate = read_certificate(easy_.get());
    return response;
}

HttpError CurlTransfer::failure(CURLcode result, const std::string& certificate) const {
    CurlFailure failure{
        .code = result,
        .detail = error_text_.data(),
        .is_too_large = answer_.is_too_large(),
        .has_stalled = stall_watch_.has_stalled(),
        .progress = {.request_sent = has_sent(), .answer_begun = answer_.has_begun()},
        .certificate = certificate};
    if (failure.detail.empty()) {
        failure.detail = curl_library().easy_strerror(result);
    }
    curl_library().easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &failure.os_error);
    return describe_failure(failure, request_, options_);
}

std::uint64_t response_limit(const HttpRequest& request, const HttpOptions& options) {
    return request.max_response_bytes.value_or(options.max_response_bytes);
}

}  // namespace caretaker

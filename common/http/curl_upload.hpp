// SPDX-License-Identifier: Apache-2.0
// Gives libcurl a request's body piece by piece.
#pragma once

#include "common/http/curl_library.hpp"
#include "common/http/http.hpp"

#include <exception>

namespace caretaker {

/// For requests with HttpRequest::open_body.
class CurlUpload {
 public:
    explicit CurlUpload(const HttpRequest& request) : request_(request) {}

    /// Sets `easy` to take the body from this object, which must outlive the transfer.
    void attach(CURL* easy);

    /// Throws what the body's reader threw, as libcurl cannot.
    void rethrow() const;

 private:
    static std::size_t on_read(char* buffer, std::size_t one, std::size_t size, void* self);

    const HttpRequest& request_;
    HttpBodyReader reader_{};
    std::exception_ptr error_{};
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/http/curl_upload.hpp"

#include "common/http/curl_request.hpp"

#include <algorithm>

namespace caretaker {

void CurlUpload::attach(CURL* easy) {
    reader_ = request_.open_body();
    set_option(easy, CURLOPT_UPLOAD, 1L);
    set_option(easy, CURLOPT_READFUNCTION, &CurlUpload::on_read);
    set_option(easy, CURLOPT_READDATA, this);
    if (request_.body_size) {
        const auto size = std::min<std::uint64_t>(*request_.body_size, INT64_MAX);
        set_option(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    }
}

void CurlUpload::rethrow() const {
    if (error_) {
        std::rethrow_exception(error_);
    }
}

std::size_t CurlUpload::on_read(char* buffer, std::size_t one, std::size_t size, void* self) {
    auto& upload = *static_cast<CurlUpload*>(self);
    // An exception must not pass through libcurl's C code; rethrow() sends it on its way.
    try {
        return upload.reader_({buffer, one * size});
    } catch (...) {
        upload.error_ = std::current_exception();
        return CURL_READFUNC_ABORT;
    }
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// libcurl's own log of a transfer, without secrets.
#pragma once

#include "common/http/curl_library.hpp"
#include "common/http/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// The lines of one of libcurl's messages as they may be shown: "* " for its own words, "> " and
/// "< " for headers sent and received, each redacted. Nothing for data.
std::vector<std::string> trace_lines(curl_infotype type,
                                     std::string_view text,
                                     const std::vector<std::string>& secrets);

/// Hands a transfer's log to HttpOptions::trace.
class CurlTrace {
 public:
    explicit CurlTrace(const HttpOptions& options)
        : options_(options), secrets_(secrets_of(options)) {}

    /// Does nothing where there is no HttpOptions::trace. This object must outlive the transfer.
    void attach(CURL* easy);

 private:
    static int on_message(CURL* easy, curl_infotype type, char* text, std::size_t size, void* self);

    const HttpOptions& options_;
    std::vector<std::string> secrets_;
};

}  // namespace caretaker

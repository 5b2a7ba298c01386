// SPDX-License-Identifier: Apache-2.0
// The HTTP seam over libcurl.
#pragma once

#include "common/http/http.hpp"

#include <memory>
#include <string>

namespace caretaker {

class StopSignal;

/// A client that keeps its connections between requests. One thread uses it at a time; libcurl is
/// opened by the first request.
std::unique_ptr<HttpClient> make_curl_http(const HttpOptions& options, const StopSignal& stop);

/// The version of the libcurl that requests use, e.g. "7.88.1"; "missing" where there is none.
std::string curl_library_version();

/// The TLS library behind it, e.g. "OpenSSL/3.0.15".
std::string curl_tls_version();

}  // namespace caretaker

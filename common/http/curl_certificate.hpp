// SPDX-License-Identifier: Apache-2.0
// The server's certificate as libcurl saw it.
#pragma once

#include "common/http/curl_library.hpp"
#include "common/http/http.hpp"

#include <optional>
#include <string>

namespace caretaker {

/// Of a transfer with CURLOPT_CERTINFO whose connection was made by it; else nothing.
std::optional<HttpCertificate> read_certificate(CURL* easy);

/// "subject CN = es1, issuer CN = our CA, valid until 2026-05-04T03:15:07.000Z".
std::string describe_certificate(const HttpCertificate& certificate);

}  // namespace caretaker

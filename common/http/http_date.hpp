// SPDX-License-Identifier: Apache-2.0
// Dates of HTTP headers and of certificates.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace caretaker {

/// Reads the three forms that RFC 9110, section 5.6.7, demands ("Sun, 06 Nov 1994 08:49:37 GMT",
/// "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"). Names of weekdays are not
/// compared with the date. Two-digit years are those of 1970 to 2069.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

/// Reads the end of a certificate as libcurl shows it: "Nov  6 08:49:37 1994 GMT" (OpenSSL) or
/// "1994-11-06 08:49:37 GMT" (other libraries).
std::optional<std::chrono::sys_seconds> parse_certificate_date(std::string_view text);

}  // namespace caretaker

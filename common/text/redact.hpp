// SPDX-License-Identifier: Apache-2.0
// Takes secrets out of everything that leaves the process: log, store, reports, errors, argv.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// What stands in for a secret.
inline constexpr std::string_view redacted = "***";

/// Whether a setting, property, header or parameter of that name holds a secret by the look of it:
/// "sasl.password", "client_secret", "X-Auth-Token", "Authorization", "api_key". Names of files are
/// not secrets ("password_file", "ssl.key.location").
bool is_secret_name(std::string_view name);

/// The URL with its userinfo (user and password before the host's "@") replaced.
std::string redact_url(std::string_view url);

/// `text` without: the literal `secrets` of at least 4 bytes, and pieces of at least 8 bytes of
/// longer ones, as excerpts leave them; userinfo in URLs; the values of
/// Authorization, Cookie, Set-Cookie, X-…-Token and X-…-Key headers; query parameters whose names
/// look secret, and name=value pairs elsewhere whose names hold password, passwd, secret or token.
/// Rather too much than too little; doing it twice changes nothing more.
std::string redact(std::string_view text, std::span<const std::string> secrets);

}  // namespace caretaker

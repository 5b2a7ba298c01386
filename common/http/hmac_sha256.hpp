// SPDX-License-Identifier: Apache-2.0
// Signatures of messages, as webhooks carry them.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// HMAC-SHA-256 (RFC 2104, FIPS 180-4) by OpenSSL's libcrypto, which is opened on first use; 64
/// lower-case hex digits. Throws Error "libcrypto_missing" where there is none.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace caretaker

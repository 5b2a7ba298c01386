// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648, section 4).
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// With padding and without line breaks.
std::string encode_base64(std::string_view bytes);

}  // namespace caretaker

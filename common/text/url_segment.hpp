// SPDX-License-Identifier: Apache-2.0
// Names in the paths of URLs.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// A name for a path: all but letters, digits and - . _ ~ is percent-encoded.
std::string encode_segment(std::string_view text);

}  // namespace caretaker

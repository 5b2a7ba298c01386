// SPDX-License-Identifier: Apache-2.0
// Whole numbers as text, the same under every locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

/// "-1204567", or with blanks between groups of three digits "-1 204 567". Grouping is for
/// terminals only; who writes for machines passes false.
std::string format_number(std::int64_t number, bool grouped);

/// What is wrong with `text` as a whole number from `least` to `most`, for the one who typed it;
/// empty: nothing.
std::string check_whole_number(std::string_view text, std::int64_t least, std::int64_t most);

}  // namespace caretaker

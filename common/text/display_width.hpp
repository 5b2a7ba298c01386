// SPDX-License-Identifier: Apache-2.0
// How many columns of a terminal a text takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Columns of `utf8`: combining marks and joiners 0, East Asian wide characters and emoji 2, all
/// others 1. A byte that is not UTF-8 and a control character count 1, as the mark that stands for
/// them would.
std::size_t display_width(std::string_view utf8);

/// `utf8` itself where it fits into `width` columns, else its beginning and "…", together at most
/// `width` columns. Never cuts within a character.
std::string cut_to_width(std::string_view utf8, std::size_t width);

/// `utf8` in lines of at most `width` columns (at least 2), broken at blanks, and within a word
/// only where it is longer than a line. At least one line.
std::vector<std::string> wrap_to_width(std::string_view utf8, std::size_t width);

}  // namespace caretaker

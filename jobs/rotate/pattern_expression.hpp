// SPDX-License-Identifier: Apache-2.0
// Regular expressions of action files in the syntax of Perl.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// The expression that a filter `pattern` of that kind (prefix, suffix, timestring, regex)
/// searches for, in Perl's syntax.
std::string pattern_expression(std::string_view kind, std::string_view value);

/// A Python expression in Perl's syntax, which differs in few things, all of them silently. What is
/// in Perl's syntax already stays as it is.
std::string from_python_regex(std::string_view expression);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Labels as one text, as the tables hold them.
#pragma once

#include "common/base/report.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// "group=billing,topic=orders", in the order given; a backslash stands before each `\`, `,` and
/// `=` of a key or value. Two lists of labels have the same text only when they are the same.
std::string format_labels(std::span<const Label> labels);

/// The reverse of format_labels(). Text that this cannot have made becomes labels as well as it
/// goes.
std::vector<Label> parse_labels(std::string_view text);

}  // namespace caretaker

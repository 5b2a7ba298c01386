// SPDX-License-Identifier: Apache-2.0
// Which members the objects of a plan may have: one that is written wrong must not count as left
// out.
#pragma once

#include "common/json/json_view.hpp"

#include <span>
#include <string_view>

namespace caretaker {

/// Throws JsonError for a member that is not among `names`.
void refuse_unknown(JsonView object, std::span<const std::string_view> names);

/// The same for an app or pod as Marathons from 0.8 to 1.11 take or tell it, with the closest name
/// where it looks like a slip of the pen.
void refuse_unknown_in_app(JsonView object);
void refuse_unknown_in_pod(JsonView object);

/// The same for a group of them.
void refuse_unknown_in_group(JsonView object);

}  // namespace caretaker

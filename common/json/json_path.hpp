// SPDX-License-Identifier: Apache-2.0
// Paths into JSON documents as messages show them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace caretaker {

/// ".name", or "['a.b']" where a bare name would mislead; long names are shortened.
void append_json_name(std::string& path, std::string_view name);

/// "[3]".
void append_json_index(std::string& path, std::size_t index);

}  // namespace caretaker

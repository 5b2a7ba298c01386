// SPDX-License-Identifier: Apache-2.0
// Which shared libraries this process really runs with, for libraries that cannot tell their
// version.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// The version in the file name of the loaded shared library `stem` ("libfmt" → "9.1.0"), "static"
/// when no such library is loaded.
std::string loaded_library_version(std::string_view stem);

}  // namespace caretaker

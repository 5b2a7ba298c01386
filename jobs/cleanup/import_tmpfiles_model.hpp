// SPDX-License-Identifier: Apache-2.0
// Lines of tmpfiles.d(5) as rules of ours. No IO.
#pragma once

#include "jobs/cleanup/import_model.hpp"

#include <string_view>

namespace caretaker {

/// A file of tmpfiles.d(5): lines with an age become rules, `x` lines protection, `X` lines
/// directories that are kept; lines that make things are passed over.
ImportedRules import_tmpfiles(std::string_view text);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// `store export`: the whole store as lines of JSON.
#pragma once

#include "common/base/report.hpp"

#include <string>

namespace caretaker {

struct Context;

/// To standard output, or to `file` unless that is empty; the file then shows up when it is whole.
/// Throws StoreError, Error (exit 1) when the file cannot be written, and Interrupted.
Report export_store(const Context& context, const std::string& file);

}  // namespace caretaker

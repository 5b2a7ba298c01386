// SPDX-License-Identifier: Apache-2.0
// `store migrate`: brings the store to the schema of this version.
#pragma once

#include "common/base/report.hpp"

namespace caretaker {

struct Context;

/// With `check_only`: says whether it would, and changes nothing. Throws StoreError.
Report migrate_store(const Context& context, bool check_only);

}  // namespace caretaker

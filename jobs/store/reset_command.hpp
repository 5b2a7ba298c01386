// SPDX-License-Identifier: Apache-2.0
// `store reset`: puts the store aside, so that the next run begins a new one.
#pragma once

#include "common/base/report.hpp"

namespace caretaker {

struct Context;

/// Asks first unless `yes`. Throws UsageError where nobody can be asked, StoreError and
/// Interrupted.
Report reset_store(const Context& context, bool yes);

}  // namespace caretaker

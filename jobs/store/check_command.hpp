// SPDX-License-Identifier: Apache-2.0
// `store check`: looks through the whole file for damage.
#pragma once

#include "common/base/report.hpp"
#include "common/store/full_check.hpp"

#include <string>

namespace caretaker {

struct Context;

/// One row for each kind of check, or for each fault; `failed` where there is one. Pure.
Report format_store_check(const std::string& path, const FullCheck& check);

/// Also notes the result in the store, where this user may write to it: a store that is noted as
/// damaged takes no runs. Throws StoreError and Interrupted.
Report check_store_file(const Context& context);

}  // namespace caretaker

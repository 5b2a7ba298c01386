// SPDX-License-Identifier: Apache-2.0
// The options of a reindex, checked beyond their types.
#pragma once

#include "jobs/rotate/option_schema.hpp"

namespace caretaker {

/// Complains of each thing that is wrong in the request body and around it.
void check_reindex_options(const CheckedOptions& options, OptionChecker& checker);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The keys of each filter.
#pragma once

#include "jobs/rotate/filter_schema.hpp"

#include <span>

namespace caretaker {

std::span<const OptionSpec> filter_keys(FilterType type);

}  // namespace caretaker

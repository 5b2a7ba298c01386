// SPDX-License-Identifier: Apache-2.0
// The rows of the key table that are about `caretaker kibana`.
#pragma once

#include "common/config/key_table.hpp"

#include <span>

namespace caretaker {

std::span<const KeySpec> kibana_keys();

}  // namespace caretaker

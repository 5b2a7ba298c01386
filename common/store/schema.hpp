// SPDX-License-Identifier: Apache-2.0
// The tables of the store, as the steps that lead to them.
#pragma once

#include "common/store/migrations.hpp"

#include <cstdint>
#include <span>

namespace caretaker {

/// `PRAGMA application_id` of every store: "CTKR".
inline constexpr std::int64_t application_id_of_store = 1129597778;

/// Times in the tables are milliseconds since 1970 in UTC, durations come from the monotonic clock,
/// every table is STRICT. `meta.min_reader` is the oldest version of caretaker's schema that can
/// read the file.
std::span<const Migration> schema_steps();

}  // namespace caretaker

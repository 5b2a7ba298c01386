// SPDX-License-Identifier: Apache-2.0
// A report's rows as CSV (RFC 4180 with plain line feeds): a heading line of the JSON keys, then
// the rows.
#pragma once

#include "common/base/table.hpp"
#include "common/output/text_out.hpp"

#include <string>

namespace caretaker {

/// None is an empty field, booleans are true and false, numbers have no grouping.
void write_csv(const Table& table, TextOut& out);

std::string render_csv(const Table& table);

}  // namespace caretaker

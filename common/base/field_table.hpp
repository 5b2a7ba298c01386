// SPDX-License-Identifier: Apache-2.0
// A table of one thing's values, each with its name.
#pragma once

#include "common/base/table_columns.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace caretaker {

/// Rows of a name and a value; what is not known is left out.
class FieldTable {
 public:
    explicit FieldTable(std::string title) {
        table_.title = std::move(title);
        table_.columns = {text_column("field", "FIELD"), text_column("value", "VALUE")};
    }

    void add(std::string_view field, Cell value) {
        if (!std::holds_alternative<std::monostate>(value)) {
            table_.rows.push_back({std::string(field), std::move(value)});
        }
    }

    Table take() { return std::move(table_); }

 private:
    Table table_;
};

}  // namespace caretaker

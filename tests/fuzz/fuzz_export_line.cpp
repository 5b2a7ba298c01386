// SPDX-License-Identifier: Apache-2.0
// Any bytes as an export of a store: lines are read as they are written, or refused with a reason.
#include "common/base/error.hpp"
#include "jobs/store/export_line.hpp"
#include "jobs/store/import_check.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <cmath>
#include <string>
#include <variant>

namespace {

using namespace caretaker;

/// The last digits of a number may get lost on the way through text.
bool is_same(const RowValue& one, const RowValue& other) {
    const auto* a = std::get_if<double>(&one);
    const auto* b = std::get_if<double>(&other);
    if (a == nullptr || b == nullptr) {
        return one == other;
    }
    return std::abs(*a - *b) <= std::abs(*a) * 1e-12 + 1e-300;
}

void check_row(const StoreRow& row) {
    std::string line = format_rows({&row, 1});
    fuzz::require(line.ends_with('\n'), "a row is a line");
    line.pop_back();
    fuzz::require(line.find('\n') == std::string::npos, "a row is one line");
    const auto again = std::get<StoreRow>(parse_export_line(line, "again"));
    const auto columns = columns_of(row.type);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        fuzz::require(find_fault(columns[i], row.values[i]).empty(), "a value has no fault");
        fuzz::require(is_same(again.values[i], row.values[i]), "a row is read as it is written");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text = fuzz::as_text(data, size);
    ImportCheck check;
    // Caught because a refusal is one of the two right answers.
    try {
        while (!text.empty()) {
            const ExportLine line = parse_export_line(fuzz::take_line(text), "fuzz");
            if (const auto* row = std::get_if<StoreRow>(&line)) {
                check_row(*row);
            }
            check.add(line, "fuzz");
        }
        check.finish("fuzz");
        fuzz::require(check.header().has_value(), "a whole export has a header");
    } catch (const UsageError& error) {
        fuzz::require(std::string_view(error.what()).starts_with("fuzz"), "a refusal says where");
    }
    return 0;
}

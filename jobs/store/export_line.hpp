// SPDX-License-Identifier: Apache-2.0
// A store as lines of JSON: what `store export` writes and `store import` reads. Pure.
#pragma once

#include "common/base/clock.hpp"
#include "common/store/store_rows.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace caretaker {

/// The value of `format` in the first line.
inline constexpr std::string_view export_format = "caretaker.store/1";

/// The first line of an export.
struct ExportHeader {
    int schema = 0;  // of the store
    WallTime exported_at{};
    std::string host{};
    std::string version{};  // of caretaker
};

/// The last line: without it the export was cut short.
struct ExportEnd {
    std::int64_t rows = 0;  // lines between the first and this one
};

std::string format_header(const ExportHeader& header);
std::string format_end(const ExportEnd& end);

/// One line each, with its line break.
std::string format_rows(std::span<const StoreRow> rows);

using ExportLine = std::variant<ExportHeader, StoreRow, ExportEnd>;

/// Reads a line without its line break. Throws UsageError that begins with `what` and says which
/// member is wrong, and why.
ExportLine parse_export_line(std::string_view line, const std::string& what);

}  // namespace caretaker

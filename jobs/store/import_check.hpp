// SPDX-License-Identifier: Apache-2.0
// Whether the lines of an export fit together. Pure.
#pragma once

#include "jobs/store/export_line.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

namespace caretaker {

/// Takes the lines in their order. The header comes first, a run once and before what belongs to
/// it, the end last and with the number of rows.
class ImportCheck {
 public:
    /// Throws UsageError that begins with `what`.
    void add(const ExportLine& line, const std::string& what);

    /// To be called after the last line. Throws UsageError that begins with `file`.
    void finish(const std::string& file) const;

    [[nodiscard]] std::int64_t rows() const { return rows_; }

    /// Set once the first line was added.
    [[nodiscard]] const std::optional<ExportHeader>& header() const { return header_; }

 private:
    void add_header(const ExportHeader& header, const std::string& what);
    void add_row(const StoreRow& row, const std::string& what);

    std::optional<ExportHeader> header_{};
    bool ended_ = false;
    std::int64_t rows_ = 0;
    std::unordered_set<std::string> runs_{};
};

}  // namespace caretaker

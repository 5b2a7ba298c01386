// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/import_check.hpp"

#include "common/base/error.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <variant>

namespace caretaker {

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& why) {
    throw UsageError(fmt::format("{}: {}", what, why));
}

}  // namespace

void ImportCheck::add(const ExportLine& line, const std::string& what) {
    if (ended_) {
        fail(what, "comes after the end of the export; import one export at a time");
    }
    if (const auto* header = std::get_if<ExportHeader>(&line)) {
        add_header(*header, what);
        return;
    }
    if (!header_) {
        fail(what, "is no header; this is no export of `caretaker store export`");
    }
    if (const auto* row = std::get_if<StoreRow>(&line)) {
        add_row(*row, what);
        return;
    }
    ended_ = true;
    const std::int64_t wanted = std::get<ExportEnd>(line).rows;
    if (wanted != rows_) {
        fail(what,
             fmt::format("there should be {} rows before it, and there are {}; export again",
                         wanted,
                         rows_));
    }
}

void ImportCheck::finish(const std::string& file) const {
    if (!header_) {
        fail(file, "is empty; it should be an export of `caretaker store export`");
    }
    if (!ended_) {
        fail(file,
             fmt::format("is cut short: its last line, of the type end, is missing after {} rows; "
                         "export again",
                         rows_));
    }
}

void ImportCheck::add_header(const ExportHeader& header, const std::string& what) {
    if (header_) {
        fail(what, "is a second header; import one export at a time");
    }
    if (header.schema > store_schema_version) {
        fail(what,
             fmt::format("comes from a store of schema version {}, this caretaker knows version "
                         "{}; update caretaker",
                         header.schema,
                         store_schema_version));
    }
    header_ = header;
}

void ImportCheck::add_row(const StoreRow& row, const std::string& what) {
    ++rows_;
    if (row.type == RowType::run && !runs_.insert(row.text("uid")).second) {
        fail(what, fmt::format("run {} comes twice", row.text("uid")));
    }
    const bool belongs_to_run = row.type == RowType::action || row.type == RowType::metric;
    if (belongs_to_run && !runs_.contains(row.text("run"))) {
        fail(what, fmt::format("its run {} did not come before it", row.text("run")));
    }
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The rows of a plan, of whatever part: what goes, why, and what became of it.
#pragma once

#include "common/base/table.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// One planned thing. What is no file has no numbers of one.
struct PlannedRow {
    std::int64_t seq = 0;  // from 1, over all parts
    std::string part{};    // "files"
    std::string rule{};
    std::string kind{};    // unlink, rmdir, tree, truncate, container, image, volume, cache
    std::string path{};    // bytes; the name of what has no path
    std::string object{};  // what a Docker Engine knows it by; empty: it is a file
    std::int64_t bytes = 0;
    std::string reason{};
    std::string result{};
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t mtime = 0;  // nanoseconds since 1970
    std::int64_t ctime = 0;
};

std::vector<Column> planned_columns();

/// Replaces the cells of `cells` by those of `row`.
void fill_planned(std::vector<Cell>& cells, const PlannedRow& row);

/// Adds rows below what the table, of those columns or none, shows already; numbers them on.
void append_planned(Table& table, std::vector<PlannedRow> rows);

}  // namespace caretaker

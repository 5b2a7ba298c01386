// SPDX-License-Identifier: Apache-2.0
// Documents for Elasticsearch and OpenSearch by POST /_bulk. No IO.
#pragma once

#include "common/json/json_view.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct BulkDocument {
    std::string_view index{};
    std::string_view id{};
    std::string_view body{};  // JSON on one line
};

/// The body of the request; each document replaces what has its id. Servers before Elasticsearch 7
/// want a type, later ones refuse it.
std::string format_bulk(const std::vector<BulkDocument>& documents, bool has_types);

struct BulkItem {
    int status = 0;
    std::string reason{};  // why it was not taken
};

/// What became of each, in their order, of an answer for `count` documents. Throws JsonError.
std::vector<BulkItem> read_bulk_answer(JsonView answer, std::size_t count);

}  // namespace caretaker

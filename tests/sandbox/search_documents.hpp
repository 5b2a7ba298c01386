// SPDX-License-Identifier: Apache-2.0
// Documents in the fake engine's indices: finding them and counting them in buckets.
#pragma once

#include "tests/sandbox/document_stream.hpp"

#include <rapidjson/document.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// Every value as text: "true", "404", milliseconds since 1970 for a time.
using FakeDocument = std::map<std::string, std::string>;

struct FakeDocuments {
    std::vector<FakeDocument> rows{};
    /// What follows the name of a text that can be compared and counted as a whole: "" where it is
    /// mapped as keyword, ".keyword" by the default mapping of 5 and later, ".raw" by Logstash's
    /// template before.
    std::string keyword_suffix{};
};

/// Thrown for a query or aggregation that this engine does not know.
struct UnknownQuery {
    std::string type{"parsing_exception"};
    std::string reason{};
};

/// What a version takes of "interval" in a date_histogram.
struct HistogramForms {
    bool takes_interval = true;
    bool takes_fixed_interval = true;
};

/// Whether the document meets the query: bool, filtered, range, term, terms, wildcard, prefix,
/// match_phrase, exists, match_all. Throws UnknownQuery.
bool meets_query(const rapidjson::Value& query,
                 const FakeDocument& document,
                 const FakeDocuments& all,
                 std::int64_t now_ms);

/// {"name":{…}, …} of date_histogram, terms, filter, max, min, value_count and what is below them.
void write_aggregations(Json& json,
                        const rapidjson::Value& aggregations,
                        const std::vector<const FakeDocument*>& rows,
                        const FakeDocuments& all,
                        HistogramForms forms,
                        std::int64_t now_ms);

/// "1h", "60m", "1d" in milliseconds; 0 for what is none.
std::int64_t parse_interval(std::string_view text);

/// A time as queries write it: milliseconds, RFC 3339, "now", "now-1h".
std::optional<std::int64_t> parse_query_time(const rapidjson::Value& value, std::int64_t now_ms);

/// One field's type as its mapping shows it.
std::string_view field_type(const FakeDocuments& all, const std::string& field);

}  // namespace caretaker::sandbox

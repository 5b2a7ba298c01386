// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/search_documents.hpp"

#include "common/text/glob.hpp"
#include "common/text/timestamp.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <set>
#include <utility>

namespace caretaker::sandbox {

namespace {

using Value = rapidjson::Value;
using Rows = std::vector<const FakeDocument*>;

const Value& member(const Value& object, const char* name) {
    static const Value none;
    return object.IsObject() && object.HasMember(name) ? object[name] : none;
}

std::string text_of(const Value& value) {
    if (value.IsString()) {
        return value.GetString();
    }
    if (value.IsBool()) {
        return value.GetBool() ? "true" : "false";
    }
    return value.IsInt64() ? std::to_string(value.GetInt64()) : std::string();
}

/// The document's value under the name that a query uses; nothing where that name is not mapped.
std::optional<std::string> value_of(const FakeDocument& document,
                                    const FakeDocuments& all,
                                    std::string field) {
    if (!all.keyword_suffix.empty() && field.ends_with(all.keyword_suffix)) {
        field.resize(field.size() - all.keyword_suffix.size());
    }
    const auto found = document.find(field);
    return found == document.end() ? std::nullopt : std::optional(found->second);
}

/// The single member of a clause: {"field": …}.
std::pair<std::string, const Value*> field_and_value(const Value& clause) {
    if (!clause.IsObject() || clause.MemberCount() == 0) {
        throw UnknownQuery{.reason = "a clause without a field"};
    }
    const auto entry = clause.MemberBegin();
    return {entry->name.GetString(), &entry->value};
}

bool all_of(const Value& clauses, const std::function<bool(const Value&)>& fits) {
    if (clauses.IsArray()) {
        return std::ranges::all_of(clauses.GetArray(), fits);
    }
    return !clauses.IsObject() || fits(clauses);
}

bool any_of(const Value& clauses, const std::function<bool(const Value&)>& fits) {
    if (clauses.IsArray()) {
        return std::ranges::any_of(clauses.GetArray(), fits);
    }
    return clauses.IsObject() && fits(clauses);
}

bool is_in_range(const Value& range, const std::string& text, std::int64_t now_ms) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    for (const auto& bound : range.GetObject()) {
        const std::string_view op = bound.name.GetString();
        const auto limit = parse_query_time(bound.value, now_ms);
        if (op == "format" || op == "boost" || op == "time_zone") {
            continue;
        }
        if (!limit) {
            throw UnknownQuery{.reason = fmt::format("failed to parse date field [{}]", op)};
        }
        const bool fits = op == "gte"   ? number >= *limit
                          : op == "gt"  ? number > *limit
                          : op == "lte" ? number <= *limit
                          : op == "lt"
                              ? number < *limit
                              : throw UnknownQuery{.reason = fmt::format(
                                                       "[range] query does not support [{}]", op)};
        if (!fits) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::int64_t parse_interval(std::string_view text) {
    if (text == "hour" || text == "day" || text == "minute") {
        text = text == "hour" ? "1h" : text == "day" ? "1d" : "1m";
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return 0;
    }
    const std::string_view unit(end, text.data() + text.size());
    const std::int64_t ms = unit == "ms"  ? 1
                            : unit == "s" ? 1'000
                            : unit == "m" ? 60'000
                            : unit == "h" ? 3'600'000
                            : unit == "d" ? 86'400'000
                                          : 0;
    return number * ms;
}

std::optional<std::int64_t> parse_query_time(const Value& value, std::int64_t now_ms) {
    if (value.IsNumber()) {
        return static_cast<std::int64_t>(value.GetDouble());
    }
    if (!value.IsString()) {
        return std::nullopt;
    }
    const std::string_view text(value.GetString(), value.GetStringLength());
    if (text.starts_with("now")) {
        const std::string_view rest = text.substr(3);
        if (rest.empty()) {
            return now_ms;
        }
        const std::int64_t distance = parse_interval(rest.substr(1));
        return distance == 0 ? std::nullopt
                             : std::optional(now_ms + (rest[0] == '-' ? -distance : distance));
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && text.size() > 8) {
        return number;
    }
    const auto time = parse_rfc3339(text);
    return time ? std::optional(time->time_since_epoch().count()) : std::nullopt;
}

bool meets_query(const Value& query,
                 const FakeDocument& document,
                 const FakeDocuments& all,
                 std::int64_t now_ms) {
    if (!query.IsObject() || query.MemberCount() == 0) {
        return true;
    }
    const auto again = [&](const Value& inner) {
        return meets_query(inner, document, all, now_ms);
    };
    const std::string kind = query.MemberBegin()->name.GetString();
    const Value& body = query.MemberBegin()->value;
    if (kind == "match_all") {
        return true;
    }
    if (kind == "bool") {
        const Value& should = member(body, "should");
        return all_of(member(body, "filter"), again) && all_of(member(body, "must"), again) &&
               !any_of(member(body, "must_not"), again) &&
               (should.IsNull() || !member(body, "must").IsNull() ||
                !member(body, "filter").IsNull() || any_of(should, again));
    }
    if (kind == "filtered") {
        return again(member(body, "query")) && again(member(body, "filter"));
    }
    if (kind == "query") {  // of 1.x: a query where a filter is wanted
        return again(body);
    }
    if (kind == "constant_score") {
        return again(member(body, "filter"));
    }
    if (kind == "exists") {
        return value_of(document, all, text_of(member(body, "field"))).has_value();
    }
    const auto [field, wanted] = field_and_value(body);
    const auto value = value_of(document, all, field);
    if (kind == "range") {
        return value && is_in_range(*wanted, *value, now_ms);
    }
    if (kind == "terms") {
        return value && wanted->IsArray() &&
               std::ranges::any_of(wanted->GetArray(),
                                   [&](const Value& term) { return text_of(term) == *value; });
    }
    const Value& inner = wanted->IsObject()
                             ? member(*wanted, wanted->HasMember("value") ? "value" : "query")
                             : *wanted;
    if (kind == "term" || kind == "match_phrase" || kind == "match") {
        return value && *value == text_of(inner);
    }
    if (kind == "wildcard") {
        return value && glob_match(text_of(inner), *value);
    }
    if (kind == "prefix") {
        return value && value->starts_with(text_of(inner));
    }
    throw UnknownQuery{.reason = fmt::format("unknown query [{}]", kind)};
}

namespace {

class Aggregator {
 public:
    Aggregator(Json& json, const FakeDocuments& all, HistogramForms forms, std::int64_t now_ms)
        : json_(json), all_(all), forms_(forms), now_ms_(now_ms) {}

    void write_all(const Value& aggregations, const Rows& rows) {
        json_.begin_object();
        write_members(aggregations, rows);
        json_.end_object();
    }

 private:
    void write_members(const Value& aggregations, const Rows& rows) {
        if (!aggregations.IsObject()) {
            return;
        }
        for (const auto& entry : aggregations.GetObject()) {
            json_.key(entry.name.GetString());
            write_one(entry.value, rows);
        }
    }

    static const Value& below(const Value& aggregation) {
        return aggregation.HasMember("aggs") ? aggregation["aggs"]
                                             : member(aggregation, "aggregations");
    }

    void write_one(const Value& aggregation, const Rows& rows) {
        for (const auto& entry : aggregation.GetObject()) {
            const std::string_view kind = entry.name.GetString();
            if (kind == "aggs" || kind == "aggregations" || kind == "meta") {
                continue;
            }
            if (kind == "date_histogram") {
                write_histogram(entry.value, below(aggregation), rows);
            } else if (kind == "terms") {
                write_terms(entry.value, below(aggregation), rows);
            } else if (kind == "filter") {
                write_filter(entry.value, below(aggregation), rows);
            } else if (kind == "max" || kind == "min" || kind == "value_count") {
                write_metric(kind, entry.value, rows);
            } else {
                throw UnknownQuery{.reason = fmt::format("Unknown aggregation type [{}]", kind)};
            }
            return;
        }
    }

    std::int64_t interval_of(const Value& body) const {
        const bool has_fixed = body.HasMember("fixed_interval");
        const Value& interval = member(body, has_fixed ? "fixed_interval" : "interval");
        if ((has_fixed && !forms_.takes_fixed_interval) || (!has_fixed && !forms_.takes_interval) ||
            !interval.IsString()) {
            throw UnknownQuery{.type = "x_content_parse_exception",
                               .reason = fmt::format("[date_histogram] unknown field [{}]",
                                                     has_fixed ? "fixed_interval" : "interval")};
        }
        const std::int64_t ms = parse_interval(interval.GetString());
        if (ms == 0) {
            throw UnknownQuery{.reason = "failed to parse setting [date_histogram.interval]"};
        }
        return ms;
    }

    void write_histogram(const Value& body, const Value& inner, const Rows& rows) {
        const std::int64_t interval = interval_of(body);
        std::map<std::int64_t, Rows> buckets;
        for (const FakeDocument* const row : rows) {
            if (const auto time = number_of(*row, text_of(member(body, "field")))) {
                buckets[*time - *time % interval].push_back(row);
            }
        }
        const bool has_gaps = body.HasMember("min_doc_count") && body["min_doc_count"].IsInt() &&
                              body["min_doc_count"].GetInt() > 0;
        if (!buckets.empty() && !has_gaps) {
            const std::int64_t last = buckets.rbegin()->first;
            for (std::int64_t time = buckets.begin()->first; time < last; time += interval) {
                buckets[time];
            }
        }
        json_.begin_object().begin_array("buckets");
        for (const auto& [time, inside] : buckets) {
            json_.begin_object()
                .text("key_as_string", format_millis(time))
                .integer("key", time)
                .integer("doc_count", static_cast<std::int64_t>(inside.size()));
            write_members(inner, inside);
            json_.end_object();
        }
        json_.end_array().end_object();
    }

    void write_terms(const Value& body, const Value& inner, const Rows& rows) {
        const std::string field = text_of(member(body, "field"));
        if (field_type(all_, field) == "text") {
            throw UnknownQuery{
                .type = "illegal_argument_exception",
                .reason = fmt::format("Text fields are not optimised for operations that require "
                                      "per-document field data like aggregations and sorting, so "
                                      "these operations are disabled by default. Please use a "
                                      "keyword field instead. Alternatively, set fielddata=true on "
                                      "[{}]",
                                      field)};
        }
        std::map<std::string, Rows> groups;
        for (const FakeDocument* const row : rows) {
            if (const auto value = value_of(*row, all_, field)) {
                groups[*value].push_back(row);
            }
        }
        std::vector<std::pair<std::string, Rows>> sorted(groups.begin(), groups.end());
        std::ranges::stable_sort(
            sorted, [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
        const Value& size = member(body, "size");
        const std::size_t limit =
            size.IsInt() ? (size.GetInt() == 0 ? std::numeric_limits<std::size_t>::max()
                                               : static_cast<std::size_t>(size.GetInt()))
                         : 10;
        std::size_t others = 0;
        for (std::size_t i = limit; i < sorted.size(); ++i) {
            others += sorted[i].second.size();
        }
        json_.begin_object()
            .integer("doc_count_error_upper_bound", 0)
            .integer("sum_other_doc_count", static_cast<std::int64_t>(others))
            .begin_array("buckets");
        for (std::size_t i = 0; i < std::min(limit, sorted.size()); ++i) {
            json_.begin_object()
                .text("key", sorted[i].first)
                .integer("doc_count", static_cast<std::int64_t>(sorted[i].second.size()));
            write_members(inner, sorted[i].second);
            json_.end_object();
        }
        json_.end_array().end_object();
    }

    void write_filter(const Value& body, const Value& inner, const Rows& rows) {
        Rows found;
        for (const FakeDocument* const row : rows) {
            if (meets_query(body, *row, all_, now_ms_)) {
                found.push_back(row);
            }
        }
        json_.begin_object().integer("doc_count", static_cast<std::int64_t>(found.size()));
        write_members(inner, found);
        json_.end_object();
    }

    void write_metric(std::string_view kind, const Value& body, const Rows& rows) {
        std::optional<std::int64_t> result;
        std::int64_t count = 0;
        const std::string field = text_of(member(body, "field"));
        for (const FakeDocument* const row : rows) {
            if (const auto number = number_of(*row, field)) {
                ++count;
                result = !result         ? *number
                         : kind == "max" ? std::max(*result, *number)
                                         : std::min(*result, *number);
            }
        }
        json_.begin_object();
        if (kind == "value_count") {
            json_.integer("value", count);
        } else if (result) {
            json_.number("value", static_cast<double>(*result))
                .text("value_as_string", format_millis(*result));
        } else {
            json_.null("value");
        }
        json_.end_object();
    }

    [[nodiscard]] std::optional<std::int64_t> number_of(const FakeDocument& row,
                                                        const std::string& field) const {
        const auto value = value_of(row, all_, field);
        std::int64_t number = 0;
        if (!value || std::from_chars(value->data(), value->data() + value->size(), number).ec !=
                          std::errc{}) {
            return std::nullopt;
        }
        return number;
    }

    Json& json_;
    const FakeDocuments& all_;
    HistogramForms forms_;
    std::int64_t now_ms_;
};

}  // namespace

void write_aggregations(Json& json,
                        const Value& aggregations,
                        const Rows& rows,
                        const FakeDocuments& all,
                        HistogramForms forms,
                        std::int64_t now_ms) {
    Aggregator(json, all, forms, now_ms).write_all(aggregations, rows);
}

std::string_view field_type(const FakeDocuments& all, const std::string& field) {
    static const std::set<std::string, std::less<>> others{
        "@timestamp", "status", "system", "probe"};
    if (field == "@timestamp") {
        return "date";
    }
    if (field == "status") {
        return "long";
    }
    if (others.contains(field)) {
        return "boolean";
    }
    return !all.keyword_suffix.empty() && !field.ends_with(all.keyword_suffix) ? "text" : "keyword";
}

}  // namespace caretaker::sandbox

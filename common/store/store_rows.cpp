// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, row_types> words{
    "run", "action", "metric", "finding", "sample", "event", "hold"};

/// The year 10000: no time of ours lies behind it.
constexpr std::int64_t last_ms = 253'402'300'800'000;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

constexpr RowColumn text(std::string_view name, std::string_view choices = {}) {
    return {.name = name, .choices = choices};
}

constexpr RowColumn optional_text(std::string_view name) {
    return {.name = name, .nullable = true};
}

constexpr RowColumn number(std::string_view name, std::int64_t min = 0, std::int64_t max = most) {
    return {.name = name, .kind = RowValueKind::integer, .min = min, .max = max};
}

constexpr RowColumn optional_number(std::string_view name,
                                    std::int64_t min = 0,
                                    std::int64_t max = most) {
    return {.name = name, .kind = RowValueKind::integer, .nullable = true, .min = min, .max = max};
}

constexpr RowColumn time(std::string_view name) {
    return number(name, 0, last_ms);
}

constexpr RowColumn optional_time(std::string_view name) {
    return optional_number(name, 0, last_ms);
}

constexpr RowColumn real(std::string_view name) {
    return {.name = name, .kind = RowValueKind::real};
}

constexpr std::array run_list{
    text("uid"),
    text("job"),
    text("target"),
    time("started_ms"),
    optional_time("ended_ms"),
    optional_number("duration_ms"),
    text("outcome", "ok|partial|findings|failed|skipped|interrupted|timeout|braked|lost"),
    optional_number("exit_code", 0, 255),
    number("dry_run", 0, 1),
    text("trigger"),
    optional_text("trigger_ref"),
    number("attempt"),
    optional_text("parent_uid"),
    optional_number("queue_delay_ms", -most),
    text("host"),
    text("boot_id"),
    text("version"),
    text("argv"),
    text("config_hash"),
    optional_text("summary"),
    optional_text("error_code"),
    optional_text("error"),
    number("items_seen"),
    number("items_failed"),
    number("findings_total"),
    number("findings_new"),
    number("findings_resolved"),
    number("actions_done"),
    number("actions_failed"),
    number("actions_would"),
    number("bytes_freed"),
    number("metrics_sent"),
    number("metrics_dropped"),
};

constexpr std::array action_list{
    text("run"),
    number("seq", 1),
    text("kind"),
    text("subject"),
    text("state", "would|started|done|failed|skipped|unknown"),
    time("started_ms"),
    optional_time("ended_ms"),
    optional_number("bytes", -most),
    text("reason"),
    optional_text("error"),
    optional_text("detail"),
};

constexpr std::array metric_list{
    text("run"),
    text("name"),
    text("kind", "counter|gauge|timer"),
    text("unit"),
    text("label"),
    real("value"),
};

constexpr std::array finding_list{
    text("job"),
    text("target"),
    text("fingerprint"),
    text("code"),
    number("severity", 1, 5),
    text("subject"),
    text("message"),
    optional_text("data"),
    time("first_seen_ms"),
    time("last_seen_ms"),
    optional_text("first_run"),
    optional_text("last_run"),
    number("times_seen", 1),
    optional_time("resolved_ms"),
    optional_time("acked_until_ms"),
    optional_text("ack_note"),
};

constexpr std::array sample_list{
    text("series"),
    text("target"),
    text("labels"),
    number("res", 1, 86'400),
    time("bucket_ms"),
    number("n", 1),
    real("vmin"),
    real("vmax"),
    real("vsum"),
    real("vlast"),
};

constexpr std::array event_list{
    time("at_ms"),
    text("kind"),
    text("subject"),
    optional_text("ref"),
    optional_text("data"),
};

constexpr std::array hold_list{
    text("scope"),
    time("until_ms"),
    text("reason"),
    text("by"),
    time("created_ms"),
};

bool is_choice(std::string_view choices, std::string_view word) {
    while (!choices.empty()) {
        const std::size_t end = choices.find('|');
        if (choices.substr(0, end) == word) {
            return true;
        }
        choices = end == std::string_view::npos ? std::string_view{} : choices.substr(end + 1);
    }
    return false;
}

std::string find_integer_fault(const RowColumn& column, const RowValue& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (integer != nullptr && *integer >= column.min && *integer <= column.max) {
        return {};
    }
    return column.max == most
               ? fmt::format("is no whole number from {} on", column.min)
               : fmt::format("is no whole number from {} to {}", column.min, column.max);
}

std::string find_text_fault(const RowColumn& column, const RowValue& value) {
    const auto* word = std::get_if<std::string>(&value);
    if (word == nullptr) {
        return "is no text";
    }
    const bool known = column.choices.empty() || is_choice(column.choices, *word);
    return known ? std::string() : fmt::format("is none of {}", column.choices);
}

std::size_t index_of(RowType type, std::string_view column) {
    const auto columns = columns_of(type);
    const auto found = std::ranges::find(columns, column, &RowColumn::name);
    if (found == columns.end()) {
        throw std::logic_error(fmt::format("rows have no column {}", column));
    }
    return static_cast<std::size_t>(found - columns.begin());
}

}  // namespace

std::string_view to_string(RowType type) {
    return words.at(static_cast<std::size_t>(type));
}

std::optional<RowType> parse_row_type(std::string_view word) {
    const auto* found = std::ranges::find(words, word);
    return found == words.end() ? std::nullopt
                                : std::optional(static_cast<RowType>(found - words.begin()));
}

std::span<const RowColumn> columns_of(RowType type) {
    switch (type) {
        case RowType::run:
            return run_list;
        case RowType::action:
            return action_list;
        case RowType::metric:
            return metric_list;
        case RowType::finding:
            return finding_list;
        case RowType::sample:
            return sample_list;
        case RowType::event:
            return event_list;
        case RowType::hold:
            break;
    }
    return hold_list;
}

const std::string& StoreRow::text(std::string_view column) const {
    return std::get<std::string>(values.at(index_of(type, column)));
}

std::int64_t StoreRow::integer(std::string_view column) const {
    return std::get<std::int64_t>(values.at(index_of(type, column)));
}

std::string find_fault(const RowColumn& column, const RowValue& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        return column.nullable ? std::string() : "is missing";
    }
    switch (column.kind) {
        case RowValueKind::integer:
            return find_integer_fault(column, value);
        case RowValueKind::real: {
            const auto* real = std::get_if<double>(&value);
            return real != nullptr && std::isfinite(*real) ? std::string() : "is no number";
        }
        case RowValueKind::text:
            break;
    }
    return find_text_fault(column, value);
}

}  // namespace caretaker

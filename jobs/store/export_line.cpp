// SPDX-License-Identifier: Apache-2.0
#include "jobs/store/export_line.hpp"

#include "common/base/error.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view header_type = "header";
constexpr std::string_view end_type = "end";

void write_value(JsonWriter& out, const RowValue& value) {
    std::visit(
        [&](const auto& one) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(one)>, std::monostate>) {
                out.null();
            } else {
                out.value(one);
            }
        },
        value);
}

RowValue read_value(const JsonView& member, const RowColumn& column) {
    if (member.is_null()) {
        return {};
    }
    switch (column.kind) {
        case RowValueKind::integer:
            return member.integer_or_digits();  // large ones are quoted, see JsonWriter
        case RowValueKind::real:
            return member.number();
        case RowValueKind::text:
            break;
    }
    return std::string(member.text());
}

/// Members that nobody asked for are more likely a mistake than an addition: those come with a new
/// format.
void refuse_others(const JsonView& object, const std::vector<std::string_view>& known) {
    std::set<std::string_view> seen;
    for (const JsonMember& member : object.members()) {
        if (std::ranges::find(known, member.name) == known.end()) {
            member.value.fail("is not known");
        }
        if (!seen.insert(member.name).second) {
            member.value.fail("comes twice");
        }
    }
}

ExportHeader read_header(const JsonView& line) {
    refuse_others(line, {"type", "format", "schema", "exported_at", "host", "version"});
    const std::string_view format = line.at("format").text();
    if (format != export_format) {
        line.at("format").fail(
            fmt::format("is not \"{}\", the only one that this caretaker knows", export_format));
    }
    const std::int64_t schema = line.at("schema").integer();
    if (schema < 1 || schema > std::numeric_limits<int>::max()) {
        line.at("schema").fail("is no version of a schema");
    }
    const auto exported_at = parse_rfc3339(line.at("exported_at").text());
    if (!exported_at) {
        line.at("exported_at").fail("is no time such as 2026-05-04T03:15:07Z");
    }
    return {.schema = static_cast<int>(schema),
            .exported_at = *exported_at,
            .host = std::string(line.at("host").text()),
            .version = std::string(line.at("version").text())};
}

ExportEnd read_end(const JsonView& line) {
    refuse_others(line, {"type", "rows"});
    return {.rows = line.at("rows").integer_or_digits()};
}

StoreRow read_row(const JsonView& line, RowType type) {
    const auto columns = columns_of(type);
    std::vector<std::string_view> known{"type"};
    StoreRow row{.type = type};
    for (const RowColumn& column : columns) {
        known.push_back(column.name);
        const auto member = line.find(column.name);
        row.values.push_back(member ? read_value(*member, column) : RowValue());
        if (const std::string fault = find_fault(column, row.values.back()); !fault.empty()) {
            if (member) {
                member->fail(fault);
            }
            line.fail(fmt::format("has no {}", column.name));
        }
    }
    refuse_others(line, known);
    return row;
}

ExportLine read_line(const JsonView& line) {
    const std::string_view type = line.at("type").text();
    if (type == header_type) {
        return read_header(line);
    }
    if (type == end_type) {
        return read_end(line);
    }
    const auto row_type = parse_row_type(type);
    if (!row_type) {
        line.at("type").fail("is no kind of row");
    }
    return read_row(line, *row_type);
}

}  // namespace

std::string format_header(const ExportHeader& header) {
    JsonWriter out;
    out.begin_object();
    out.member("type", header_type);
    out.member("format", export_format);
    out.member("schema", header.schema);
    out.member("exported_at", header.exported_at);
    out.member("host", header.host);
    out.member("version", header.version);
    out.end_object();
    out.end_line();
    return std::string(out.text());
}

std::string format_end(const ExportEnd& end) {
    JsonWriter out;
    out.begin_object();
    out.member("type", end_type);
    out.member("rows", end.rows);
    out.end_object();
    out.end_line();
    return std::string(out.text());
}

std::string format_rows(std::span<const StoreRow> rows) {
    JsonWriter out;
    for (const StoreRow& row : rows) {
        out.begin_object();
        out.member("type", to_string(row.type));
        const auto columns = columns_of(row.type);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            out.key(columns[i].name);
            write_value(out, row.values[i]);
        }
        out.end_object();
        out.end_line();
    }
    return std::string(out.text());
}

ExportLine parse_export_line(std::string_view line, const std::string& what) {
    // Caught because a file that a person names is an argument, other than what a service answers.
    try {
        const JsonDocument document =
            JsonDocument::parse(line, what, "import a file that `caretaker store export` wrote");
        return read_line(document.root());
    } catch (const JsonError& error) {
        throw UsageError(error.what());
    }
}

}  // namespace caretaker

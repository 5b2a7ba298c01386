// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/consumer_group_oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ostream>
#include <stdexcept>
#include <vector>

namespace caretaker::testing {

namespace {

/// A line as the tool aligned it: one element a character, whatever its number of bytes.
using Characters = std::vector<std::string_view>;

Characters split_characters(std::string_view line) {
    Characters characters;
    while (!line.empty()) {
        std::size_t length = 1;
        while (length < line.size() &&
               (static_cast<unsigned char>(line[length]) & 0xC0U) == 0x80U) {
            ++length;
        }
        characters.push_back(line.substr(0, length));
        line.remove_prefix(length);
    }
    return characters;
}

struct Column {
    std::string name{};
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<Column> parse_header(std::string_view line) {
    std::vector<Column> columns;
    std::size_t at = 0;
    while (at < line.size()) {
        const std::size_t word_end = std::min(line.find(' ', at), line.size());
        const std::size_t next = std::min(line.find_first_not_of(' ', word_end), line.size());
        columns.push_back({std::string(line.substr(at, word_end - at)), at, next});
        at = next;
    }
    columns.back().end = std::string_view::npos;
    return columns;
}

/// The text of a column without the blanks that fill it up.
std::string cut(const Characters& line, const Column& column) {
    std::string text;
    for (std::size_t i = column.begin; i < std::min(column.end, line.size()); ++i) {
        text += line[i];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::optional<std::string> text_or_none(const std::string& cell) {
    return cell == "-" ? std::nullopt : std::optional(cell);
}

std::optional<std::int64_t> integer_or_none(const std::string& cell) {
    if (cell == "-") {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size()) {
        throw std::runtime_error("ConsumerGroupCommand printed no number: '" + cell + "'");
    }
    return value;
}

void add_row(GroupDescription& description,
             const std::vector<Column>& columns,
             std::string_view line) {
    const Characters characters = split_characters(line);
    std::map<std::string, std::string> cells;
    for (const Column& column : columns) {
        cells[column.name] = cut(characters, column);
    }
    if (cells.at("TOPIC") == "-") {
        return;
    }
    const auto partition = integer_or_none(cells.at("PARTITION"));
    description[{
        cells.at("GROUP"), cells.at("TOPIC"), static_cast<std::int32_t>(partition.value())}] = {
        integer_or_none(cells.at("CURRENT-OFFSET")),
        integer_or_none(cells.at("LOG-END-OFFSET")),
        integer_or_none(cells.at("LAG")),
        text_or_none(cells.at("CONSUMER-ID")),
        text_or_none(cells.at("HOST")),
        text_or_none(cells.at("CLIENT-ID"))};
}

}  // namespace

GroupDescription parse_group_description(std::string_view output) {
    GroupDescription description;
    std::vector<Column> columns;  // of the block being read; each group has its own widths
    while (!output.empty()) {
        const std::size_t end = std::min(output.find('\n'), output.size());
        const std::string_view line = output.substr(0, end);
        output.remove_prefix(std::min(end + 1, output.size()));
        if (line.empty()) {
            columns.clear();
        } else if (line.starts_with("GROUP ")) {
            columns = parse_header(line);
        } else if (!columns.empty()) {
            add_row(description, columns, line);
        } else if (!line.starts_with("Consumer group '")) {  // a note about the group that follows
            throw std::runtime_error(
                fmt::format("ConsumerGroupCommand printed an unknown line: '{}'", line));
        }
    }
    return description;
}

void PrintTo(const GroupPartition& key, std::ostream* out) {
    *out << fmt::format("{} {} {}", key.group, key.topic, key.partition);
}

void PrintTo(const GroupPartitionState& state, std::ostream* out) {
    const auto number = [](const std::optional<std::int64_t>& value) {
        return value ? std::to_string(*value) : "-";
    };
    *out << fmt::format("offset {} end {} lag {} consumer {} host {} client {}",
                        number(state.current_offset),
                        number(state.log_end_offset),
                        number(state.lag),
                        state.consumer_id.value_or("-"),
                        state.host.value_or("-"),
                        state.client_id.value_or("-"));
}

GroupDescription describe_all_groups(const KafkaServer& server) {
    const Finished finished = server.distribution().run_tool(
        "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
        {"--bootstrap-server", server.bootstrap_servers(), "--describe", "--all-groups"});
    if (finished.status.code != 0) {
        throw std::runtime_error("ConsumerGroupCommand: " + finished.out + finished.err);
    }
    return parse_group_description(finished.out);
}

}  // namespace caretaker::testing

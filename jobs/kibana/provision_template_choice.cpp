// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_template_choice.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::size_t most_words = 3;
constexpr std::size_t most_columns = 4;

std::string base_name(std::string_view field) {
    for (const std::string_view suffix : {".keyword", ".raw"}) {
        if (field.ends_with(suffix)) {
            field.remove_suffix(suffix.size());
        }
    }
    return std::string(field);
}

std::size_t rank_of_word(const TemplateField& field) {
    constexpr std::array<std::string_view, 17> telling{"level",
                                                       "severity",
                                                       "loglevel",
                                                       "log_level",
                                                       "log.level",
                                                       "status",
                                                       "outcome",
                                                       "job",
                                                       "app",
                                                       "service",
                                                       "service.name",
                                                       "team",
                                                       "host",
                                                       "hostname",
                                                       "host.name",
                                                       "method",
                                                       "path"};
    const std::string base = base_name(field.name);
    return static_cast<std::size_t>(std::ranges::find(telling, std::string_view(base)) -
                                    telling.begin());
}

std::size_t rank_of_number(const TemplateField& field) {
    constexpr std::array<std::string_view, 6> telling{
        "duration", "latency", "took", "elapsed", "bytes", "size"};
    for (std::size_t i = 0; i < telling.size(); ++i) {
        if (field.name.find(telling.at(i)) != std::string::npos) {
            return i;
        }
    }
    return telling.size();
}

std::vector<TemplateField> sorted(const std::vector<TemplateField>& fields,
                                  FieldUse use,
                                  std::size_t (*rank)(const TemplateField&)) {
    std::vector<TemplateField> some;
    std::ranges::copy_if(fields, std::back_inserter(some), [&](const TemplateField& field) {
        return field.use == use;
    });
    std::ranges::stable_sort(some, {}, rank);
    return some;
}

std::string choose_time(const LogTypeTemplate& type, const std::vector<TemplateField>& fields) {
    std::string time;
    for (const TemplateField& field : fields) {
        if (field.use == FieldUse::time && (time.empty() || field.name == "@timestamp")) {
            time = field.name;
        }
    }
    if (time.empty()) {
        throw UsageError(
            fmt::format("--template {}: none of its {} fields is a date, without which no line has "
                        "its time; index lines with @timestamp",
                        type.name,
                        fields.size()));
    }
    return time;
}

std::vector<std::string> choose_columns(const std::vector<TemplateField>& fields) {
    std::vector<std::string> columns;
    for (const std::string_view wanted : {"message", "msg", "log", "text"}) {
        const bool is_there = std::ranges::any_of(
            fields, [&](const TemplateField& field) { return field.name == wanted; });
        if (is_there && columns.empty()) {
            columns.emplace_back(wanted);
        }
    }
    for (const TemplateField& field : sorted(fields, FieldUse::word, rank_of_word)) {
        if (columns.size() < most_columns) {
            columns.insert(columns.end() - (columns.empty() ? 0 : 1), base_name(field.name));
        }
    }
    if (columns.empty()) {
        columns.emplace_back("_source");
    }
    return columns;
}

void choose_charts(const LogTypeTemplate& type,
                   const std::vector<TemplateField>& fields,
                   TemplateChoice& choice) {
    auto& charts = choice.charts;
    charts.push_back({.id = type.name + "-over-time", .title = type.name + ": lines over time"});
    int y = charts.back().height;
    const auto words = sorted(fields, FieldUse::word, rank_of_word);
    const std::size_t number = std::min(words.size(), most_words);
    for (std::size_t i = 0; i < number; ++i) {
        const int width = template_grid_width / static_cast<int>(number);
        charts.push_back({.id = fmt::format("{}-by-{}", type.name, words[i].name),
                          .title = fmt::format("{}: by {}", type.name, words[i].name),
                          .words = words[i].name,
                          .x = static_cast<int>(i) * width,
                          .y = y,
                          .width = width});
    }
    y += number > 0 ? charts.back().height : 0;
    const auto numbers = sorted(fields, FieldUse::number, rank_of_number);
    if (!numbers.empty()) {
        charts.push_back({.id = fmt::format("{}-average-{}", type.name, numbers[0].name),
                          .title = fmt::format("{}: average {}", type.name, numbers[0].name),
                          .number = numbers[0].name,
                          .y = y});
        y += charts.back().height;
    }
    choice.search_y = y;
}

}  // namespace

TemplateChoice choose_template(const LogTypeTemplate& type,
                               const std::vector<TemplateField>& fields) {
    TemplateChoice choice{.time = choose_time(type, fields), .columns = choose_columns(fields)};
    choose_charts(type, fields, choice);
    return choice;
}

}  // namespace caretaker

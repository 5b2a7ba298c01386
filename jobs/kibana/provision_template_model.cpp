// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_template_model.hpp"

#include "common/base/error.hpp"
#include "common/output/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t most_words = 3;
constexpr int full_width = 48;  // of a dashboard of Kibana 7; before, it has 12 columns
constexpr int old_width = 12;

std::string make_json(const std::function<void(JsonWriter&)>& write) {
    JsonWriter json;
    json.begin_object();
    write(json);
    json.end_object();
    return std::string(json.text());
}

void object(JsonWriter& json, std::string_view name, const std::function<void()>& write) {
    json.key(name);
    json.begin_object();
    write();
    json.end_object();
}

void array(JsonWriter& json, std::string_view name, const std::function<void()>& write) {
    json.key(name);
    json.begin_array();
    write();
    json.end_array();
}

/// What a visualization counts over.
struct Chart {
    std::string id{};
    std::string title{};
    std::string words{};   // the field whose values are its rows; empty: lines over time
    std::string number{};  // the field whose average is shown; empty: how many lines
    int x = 0;
    int y = 0;
    int width = full_width;
    int height = 12;
};

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

class TemplateMaker {
 public:
    TemplateMaker(const LogTypeTemplate& type, const std::vector<TemplateField>& fields)
        : type_(type), fields_(fields) {
        choose_time();
        choose_columns();
        choose_charts();
    }

    BundleFiles make() {
        BundleFiles files{.manifest = {.name = "template/bundle.json",
                                       .text = make_json([&](JsonWriter& json) {
                                           json.member("name", type_.name);
                                           json.member("version", "template");
                                           json.member("default_index", type_.pattern);
                                       })},
                          .exported = BundleFile{.name = "template/export.ndjson"}};
        for (const bool is_modern : {true, false}) {
            is_modern_ = is_modern;
            std::vector<std::string> objects{make_pattern(), make_search()};
            for (const Chart& chart : charts_) {
                objects.push_back(make_chart(chart));
            }
            objects.push_back(make_dashboard());
            for (std::string& one : objects) {
                if (is_modern) {
                    files.exported->text += one + "\n";
                } else {
                    files.legacy.push_back(
                        {.name = fmt::format("template/legacy/{}.json", files.legacy.size()),
                         .text = std::move(one)});
                }
            }
        }
        // A name of a field may look like a variable, which none of it is.
        escape(files.manifest.text);
        escape(files.exported->text);
        for (BundleFile& file : files.legacy) {
            escape(file.text);
        }
        return files;
    }

 private:
    static void escape(std::string& text) {
        for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at)) {
            text.insert(at, 1, '$');
            at += 3;
        }
    }

    void choose_time() {
        for (const TemplateField& field : fields_) {
            if (field.use == FieldUse::time && (time_.empty() || field.name == "@timestamp")) {
                time_ = field.name;
            }
        }
        if (time_.empty()) {
            throw UsageError(fmt::format(
                "--template {}: none of its {} fields is a date, without which no line has its "
                "time; index lines with @timestamp",
                type_.name,
                fields_.size()));
        }
    }

    [[nodiscard]] std::vector<TemplateField> sorted(
        FieldUse use, std::size_t (*rank)(const TemplateField&)) const {
        std::vector<TemplateField> some;
        std::ranges::copy_if(fields_, std::back_inserter(some), [&](const TemplateField& field) {
            return field.use == use;
        });
        std::ranges::stable_sort(some, {}, rank);
        return some;
    }

    void choose_columns() {
        for (const std::string_view wanted : {"message", "msg", "log", "text"}) {
            const bool is_there = std::ranges::any_of(
                fields_, [&](const TemplateField& field) { return field.name == wanted; });
            if (is_there && columns_.empty()) {
                columns_.emplace_back(wanted);
            }
        }
        for (const TemplateField& field : sorted(FieldUse::word, rank_of_word)) {
            if (columns_.size() < 4) {
                columns_.insert(columns_.end() - (columns_.empty() ? 0 : 1), base_name(field.name));
            }
        }
        if (columns_.empty()) {
            columns_.emplace_back("_source");
        }
    }

    void choose_charts() {
        charts_.push_back(
            {.id = type_.name + "-over-time", .title = type_.name + ": lines over time"});
        int y = charts_.back().height;
        const auto words = sorted(FieldUse::word, rank_of_word);
        const std::size_t number = std::min(words.size(), most_words);
        for (std::size_t i = 0; i < number; ++i) {
            const int width = full_width / static_cast<int>(number);
            charts_.push_back({.id = fmt::format("{}-by-{}", type_.name, words[i].name),
                               .title = fmt::format("{}: by {}", type_.name, words[i].name),
                               .words = words[i].name,
                               .x = static_cast<int>(i) * width,
                               .y = y,
                               .width = width});
        }
        y += number > 0 ? charts_.back().height : 0;
        const auto numbers = sorted(FieldUse::number, rank_of_number);
        if (!numbers.empty()) {
            charts_.push_back({.id = fmt::format("{}-average-{}", type_.name, numbers[0].name),
                               .title = fmt::format("{}: average {}", type_.name, numbers[0].name),
                               .number = numbers[0].name,
                               .y = y});
            y += charts_.back().height;
        }
        search_y_ = y;
    }

    [[nodiscard]] std::string make_object(
        std::string_view kind,
        std::string_view id,
        std::string_view known_since,
        const std::function<void(JsonWriter&)>& attributes,
        const std::function<void(JsonWriter&)>& references) const {
        return make_json([&](JsonWriter& json) {
            json.member("type", kind);
            json.member("id", id);
            object(json, "attributes", [&] { attributes(json); });
            if (is_modern_) {
                array(json, "references", [&] { references(json); });
                object(json, "migrationVersion", [&] { json.member(kind, known_since); });
            }
        });
    }

    static void add_reference(JsonWriter& json,
                              std::string_view name,
                              std::string_view kind,
                              std::string_view id) {
        json.begin_object();
        json.member("name", name);
        json.member("type", kind);
        json.member("id", id);
        json.end_object();
    }

    void add_index_reference(JsonWriter& json) const {
        add_reference(
            json, "kibanaSavedObjectMeta.searchSourceJSON.index", "index-pattern", type_.pattern);
    }

    [[nodiscard]] std::string search_source(bool has_index) const {
        return make_json([&](JsonWriter& json) {
            if (has_index && is_modern_) {
                json.member("indexRefName", "kibanaSavedObjectMeta.searchSourceJSON.index");
            } else if (has_index) {
                json.member("index", type_.pattern);
            }
            object(json, "query", [&] {
                if (is_modern_) {
                    json.member("query", "");
                    json.member("language", "kuery");
                } else {
                    object(json, "query_string", [&] {
                        json.member("query", "*");
                        json.member("analyze_wildcard", true);
                    });
                }
            });
            array(json, "filter", [] {});
        });
    }

    void add_search_source(JsonWriter& json, bool has_index) const {
        object(json, "kibanaSavedObjectMeta", [&] {
            json.member("searchSourceJSON", search_source(has_index));
        });
    }

    [[nodiscard]] std::string make_pattern() const {
        return make_object(
            "index-pattern",
            type_.pattern,
            "6.5.0",
            [&](JsonWriter& json) {
                json.member("title", type_.pattern);
                json.member("timeFieldName", time_);
            },
            [](JsonWriter&) {});
    }

    [[nodiscard]] std::string make_search() const {
        return make_object(
            "search",
            type_.name + "-newest",
            "7.0.0",
            [&](JsonWriter& json) {
                json.member("title", type_.name + ": newest lines");
                json.member("description", "");
                json.member("hits", 0);
                array(json, "columns", [&] {
                    for (const std::string& column : columns_) {
                        json.value(column);
                    }
                });
                array(json, "sort", [&] {
                    if (is_modern_) {
                        json.begin_array();
                    }
                    json.value(time_);
                    json.value("desc");
                    if (is_modern_) {
                        json.end_array();
                    }
                });
                json.member("version", 1);
                add_search_source(json, true);
            },
            [&](JsonWriter& json) { add_index_reference(json); });
    }

    static void add_aggregation(JsonWriter& json,
                                std::string_view id,
                                std::string_view kind,
                                std::string_view schema,
                                const std::function<void()>& parameters) {
        json.begin_object();
        json.member("id", id);
        json.member("enabled", true);
        json.member("type", kind);
        json.member("schema", schema);
        object(json, "params", parameters);
        json.end_object();
    }

    static void add_axes(JsonWriter& json) {
        json.member("type", "histogram");
        json.member("addLegend", true);
        json.member("addTooltip", true);
        json.member("legendPosition", "right");
        json.member("addTimeMarker", false);
        json.member("mode", "stacked");
        array(json, "times", [] {});
        const auto axis = [&](std::string_view id, std::string_view kind, std::string_view place) {
            json.begin_object();
            json.member("id", id);
            json.member("name", id);
            json.member("type", kind);
            json.member("position", place);
            json.member("show", true);
            object(json, "scale", [&] { json.member("type", "linear"); });
            object(json, "labels", [&] { json.member("show", true); });
            object(json, "title", [&] { json.member("text", ""); });
            object(json, "style", [] {});
            json.end_object();
        };
        array(json, "categoryAxes", [&] { axis("CategoryAxis-1", "category", "bottom"); });
        array(json, "valueAxes", [&] { axis("ValueAxis-1", "value", "left"); });
        array(json, "seriesParams", [&] {
            json.begin_object();
            json.member("show", true);
            json.member("type", "histogram");
            json.member("mode", "stacked");
            object(json, "data", [&] {
                json.member("id", "1");
                json.member("label", "Count");
            });
            json.member("valueAxis", "ValueAxis-1");
            json.end_object();
        });
        object(json, "grid", [&] { json.member("categoryLines", false); });
    }

    [[nodiscard]] std::string vis_state(const Chart& chart) const {
        return make_json([&](JsonWriter& json) {
            json.member("title", chart.title);
            json.member("type", chart.words.empty() ? "histogram" : "table");
            object(json, "params", [&] {
                if (chart.words.empty()) {
                    add_axes(json);
                } else {
                    json.member("perPage", 10);
                    json.member("showPartialRows", false);
                    json.member("showTotal", false);
                    json.member("totalFunc", "sum");
                }
            });
            array(json, "aggs", [&] {
                add_aggregation(json, "1", chart.number.empty() ? "count" : "avg", "metric", [&] {
                    if (!chart.number.empty()) {
                        json.member("field", chart.number);
                    }
                });
                if (chart.words.empty()) {
                    add_aggregation(json, "2", "date_histogram", "segment", [&] {
                        json.member("field", time_);
                        json.member("interval", "auto");
                        json.member("min_doc_count", 1);
                        object(json, "extended_bounds", [] {});
                    });
                } else {
                    add_aggregation(json, "2", "terms", "bucket", [&] {
                        json.member("field", chart.words);
                        json.member("size", 10);
                        json.member("order", "desc");
                        json.member("orderBy", "1");
                    });
                }
            });
            object(json, "listeners", [] {});
        });
    }

    [[nodiscard]] std::string make_chart(const Chart& chart) const {
        return make_object(
            "visualization",
            chart.id,
            "7.0.0",
            [&](JsonWriter& json) {
                json.member("title", chart.title);
                json.member("description", "");
                json.member("visState", vis_state(chart));
                json.member("uiStateJSON", "{}");
                json.member("version", 1);
                add_search_source(json, true);
            },
            [&](JsonWriter& json) { add_index_reference(json); });
    }

    /// Kind, id and place of each panel.
    [[nodiscard]] std::vector<std::pair<std::string_view, Chart>> panels() const {
        std::vector<std::pair<std::string_view, Chart>> all;
        for (const Chart& chart : charts_) {
            all.emplace_back("visualization", chart);
        }
        all.emplace_back("search",
                         Chart{.id = type_.name + "-newest", .y = search_y_, .height = 20});
        return all;
    }

    [[nodiscard]] std::string panels_json() const {
        JsonWriter json;
        json.begin_array();
        int number = 0;
        for (const auto& [kind, chart] : panels()) {
            const std::string index = std::to_string(number + 1);
            json.begin_object();
            json.member("panelIndex", index);
            if (is_modern_) {
                object(json, "gridData", [&, &chart = chart] {
                    json.member("x", chart.x);
                    json.member("y", chart.y);
                    json.member("w", chart.width);
                    json.member("h", chart.height);
                    json.member("i", index);
                });
                json.member("version", "7.0.0");
                object(json, "embeddableConfig", [] {});
                json.member("panelRefName", fmt::format("panel_{}", number));
            } else {
                json.member("type", kind);
                json.member("id", chart.id);
                json.member("col", 1 + chart.x * old_width / full_width);
                json.member("row", 1 + chart.y / 4);
                json.member("size_x", chart.width * old_width / full_width);
                json.member("size_y", chart.height / 4);
                if (kind == "search") {
                    array(json, "columns", [&] {
                        for (const std::string& column : columns_) {
                            json.value(column);
                        }
                    });
                    array(json, "sort", [&] {
                        json.value(time_);
                        json.value("desc");
                    });
                }
            }
            json.end_object();
            ++number;
        }
        json.end_array();
        return std::string(json.text());
    }

    [[nodiscard]] std::string make_dashboard() const {
        return make_object(
            "dashboard",
            type_.name + "-overview",
            "7.0.0",
            [&](JsonWriter& json) {
                json.member("title", type_.name + ": overview");
                json.member("description", "");
                json.member("hits", 0);
                json.member("panelsJSON", panels_json());
                json.member("optionsJSON", is_modern_ ? R"({"useMargins":true})" : "{}");
                json.member("timeRestore", false);
                json.member("version", 1);
                add_search_source(json, false);
            },
            [&](JsonWriter& json) {
                int number = 0;
                for (const auto& [kind, chart] : panels()) {
                    add_reference(json, fmt::format("panel_{}", number++), kind, chart.id);
                }
            });
    }

    const LogTypeTemplate& type_;
    const std::vector<TemplateField>& fields_;
    bool is_modern_ = true;
    std::string time_{};
    std::vector<std::string> columns_{};
    std::vector<Chart> charts_{};
    int search_y_ = 0;
};

}  // namespace

BundleFiles make_template_bundle(const LogTypeTemplate& type,
                                 const std::vector<TemplateField>& fields) {
    return TemplateMaker(type, fields).make();
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_template_model.hpp"

#include "jobs/kibana/json_shapes.hpp"
#include "jobs/kibana/provision_template_chart.hpp"
#include "jobs/kibana/provision_template_choice.hpp"

#include <fmt/format.h>

#include <functional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr int old_width = 12;  // columns of a dashboard before Kibana 7

class TemplateMaker {
 public:
    TemplateMaker(const LogTypeTemplate& type, const std::vector<TemplateField>& fields)
        : type_(type), choice_(choose_template(type, fields)) {}

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
            for (const TemplateChart& chart : choice_.charts) {
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

    [[nodiscard]] std::string make_object(
        std::string_view kind,
        std::string_view id,
        std::string_view known_since,
        const std::function<void(JsonWriter&)>& attributes,
        const std::function<void(JsonWriter&)>& references) const {
        return make_json([&](JsonWriter& json) {
            json.member("type", kind);
            json.member("id", id);
            add_object(json, "attributes", [&] { attributes(json); });
            if (is_modern_) {
                add_array(json, "references", [&] { references(json); });
                add_object(json, "migrationVersion", [&] { json.member(kind, known_since); });
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
            add_object(json, "query", [&] {
                if (is_modern_) {
                    json.member("query", "");
                    json.member("language", "kuery");
                } else {
                    add_object(json, "query_string", [&] {
                        json.member("query", "*");
                        json.member("analyze_wildcard", true);
                    });
                }
            });
            add_array(json, "filter", [] {});
        });
    }

    void add_search_source(JsonWriter& json, bool has_index) const {
        add_object(json, "kibanaSavedObjectMeta", [&] {
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
                json.member("timeFieldName", choice_.time);
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
                add_array(json, "columns", [&] {
                    for (const std::string& column : choice_.columns) {
                        json.value(column);
                    }
                });
                add_array(json, "sort", [&] {
                    if (is_modern_) {
                        json.begin_array();
                    }
                    json.value(choice_.time);
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

    [[nodiscard]] std::string make_chart(const TemplateChart& chart) const {
        return make_object(
            "visualization",
            chart.id,
            "7.0.0",
            [&](JsonWriter& json) {
                json.member("title", chart.title);
                json.member("description", "");
                json.member("visState", template_chart_state(chart, choice_.time));
                json.member("uiStateJSON", "{}");
                json.member("version", 1);
                add_search_source(json, true);
            },
            [&](JsonWriter& json) { add_index_reference(json); });
    }

    /// Kind, id and place of each panel.
    [[nodiscard]] std::vector<std::pair<std::string_view, TemplateChart>> panels() const {
        std::vector<std::pair<std::string_view, TemplateChart>> all;
        for (const TemplateChart& chart : choice_.charts) {
            all.emplace_back("visualization", chart);
        }
        all.emplace_back(
            "search",
            TemplateChart{.id = type_.name + "-newest", .y = choice_.search_y, .height = 20});
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
                add_object(json, "gridData", [&, &chart = chart] {
                    json.member("x", chart.x);
                    json.member("y", chart.y);
                    json.member("w", chart.width);
                    json.member("h", chart.height);
                    json.member("i", index);
                });
                json.member("version", "7.0.0");
                add_object(json, "embeddableConfig", [] {});
                json.member("panelRefName", fmt::format("panel_{}", number));
            } else {
                json.member("type", kind);
                json.member("id", chart.id);
                json.member("col", 1 + chart.x * old_width / template_grid_width);
                json.member("row", 1 + chart.y / 4);
                json.member("size_x", chart.width * old_width / template_grid_width);
                json.member("size_y", chart.height / 4);
                if (kind == "search") {
                    add_array(json, "columns", [&] {
                        for (const std::string& column : choice_.columns) {
                            json.value(column);
                        }
                    });
                    add_array(json, "sort", [&] {
                        json.value(choice_.time);
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
    TemplateChoice choice_;
    bool is_modern_ = true;
};

}  // namespace

BundleFiles make_template_bundle(const LogTypeTemplate& type,
                                 const std::vector<TemplateField>& fields) {
    return TemplateMaker(type, fields).make();
}

}  // namespace caretaker

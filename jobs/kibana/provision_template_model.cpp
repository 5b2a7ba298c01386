// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_template_model.hpp"

#include "common/output/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <set>
#include <string_view>

namespace caretaker {

namespace {

constexpr std::size_t most_words = 4;
constexpr std::string_view index_reference = "kibanaSavedObjectMeta.searchSourceJSON.index";

using Fill = std::function<void(JsonWriter& json)>;

std::string object_text(const Fill& fill) {
    JsonWriter json;
    json.begin_object();
    fill(json);
    json.end_object();
    return std::string(json.text());
}

void member_object(JsonWriter& json, std::string_view name, const Fill& fill) {
    json.key(name);
    json.begin_object();
    fill(json);
    json.end_object();
}

struct Reference {
    std::string name{};
    std::string type{};
    std::string id{};
};

class TemplateMaker {
 public:
    TemplateMaker(const std::string& name, const std::string& index, const LogFields& fields)
        : name_(name), index_(index), fields_(fields) {}

    ProvisionBundle make() {
        bundle_ = {.name = name_, .version = "1", .default_index = id("pattern")};
        add("index-pattern",
            id("pattern"),
            [&](JsonWriter& json) {
                json.member("title", index_);
                json.member("timeFieldName", fields_.time);
            },
            {});
        add_search();
        add_histogram();
        for (std::size_t i = 0; i < std::min(fields_.words.size(), most_words); ++i) {
            add_terms(fields_.words[i]);
        }
        add_dashboard();
        finish_bundle(bundle_, "the template");
        return std::move(bundle_);
    }

 private:
    [[nodiscard]] std::string id(std::string_view part) const {
        return fmt::format("{}-{}", name_, part);
    }

    void add(const std::string& type,
             const std::string& object_id,
             const Fill& attributes,
             const std::vector<Reference>& references) {
        const std::string text = object_text([&](JsonWriter& json) {
            json.member("type", type);
            json.member("id", object_id);
            member_object(json, "attributes", attributes);
            json.key("references");
            json.begin_array();
            for (const Reference& reference : references) {
                json.begin_object();
                json.member("name", reference.name);
                json.member("type", reference.type);
                json.member("id", reference.id);
                json.end_object();
            }
            json.end_array();
        });
        bundle_.objects.push_back(*parse_bundle_object(text, "the template"));
    }

    /// With the search source that every object over an index has.
    void add_over_index(const std::string& type, const std::string& object_id, const Fill& fill) {
        const std::string source = object_text([](JsonWriter& json) {
            member_object(json, "query", [](JsonWriter& query) {
                query.member("query", "");
                query.member("language", "kuery");
            });
            json.key("filter");
            json.begin_array();
            json.end_array();
            json.member("indexRefName", index_reference);
        });
        add(type,
            object_id,
            [&](JsonWriter& json) {
                fill(json);
                member_object(json, "kibanaSavedObjectMeta", [&](JsonWriter& meta) {
                    meta.member("searchSourceJSON", source);
                });
            },
            {{std::string(index_reference), "index-pattern", id("pattern")}});
    }

    void add_search() {
        add_over_index("search", id("lines"), [&](JsonWriter& json) {
            json.member("title", fmt::format("{}: lines", name_));
            json.key("columns");
            json.begin_array();
            for (std::size_t i = 0; i < std::min(fields_.words.size(), most_words); ++i) {
                json.value(fields_.words[i]);
            }
            json.end_array();
            json.key("sort");
            json.begin_array();
            json.begin_array();
            json.value(fields_.time);
            json.value("desc");
            json.end_array();
            json.end_array();
        });
        panels_.push_back({"search", id("lines")});
    }

    void add_visualization(const std::string& object_id,
                           const std::string& title,
                           const std::string& state) {
        add_over_index("visualization", object_id, [&](JsonWriter& json) {
            json.member("title", title);
            json.member("visState", state);
            json.member("uiStateJSON", "{}");
            json.member("description", "");
            json.member("version", 1);
        });
        panels_.push_back({"visualization", object_id});
    }

    static void write_agg(JsonWriter& json,
                          std::string_view agg_id,
                          std::string_view type,
                          std::string_view schema,
                          const Fill& params) {
        json.begin_object();
        json.member("id", agg_id);
        json.member("enabled", true);
        json.member("type", type);
        json.member("schema", schema);
        member_object(json, "params", params);
        json.end_object();
    }

    void add_histogram() {
        const std::string title = fmt::format("{}: lines over time", name_);
        add_visualization(id("over-time"), title, object_text([&](JsonWriter& json) {
                              json.member("title", title);
                              json.member("type", "histogram");
                              member_object(json, "params", [](JsonWriter& params) {
                                  params.member("type", "histogram");
                                  params.member("addTooltip", true);
                                  params.member("addLegend", false);
                              });
                              json.key("aggs");
                              json.begin_array();
                              write_agg(json, "1", "count", "metric", [](JsonWriter&) {});
                              write_agg(
                                  json, "2", "date_histogram", "segment", [&](JsonWriter& params) {
                                      params.member("field", fields_.time);
                                      params.member("interval", "auto");
                                      params.member("min_doc_count", 1);
                                  });
                              json.end_array();
                          }));
    }

    void add_terms(const std::string& field) {
        const std::string title = fmt::format("{}: by {}", name_, field);
        std::string part = field;
        std::ranges::replace(part, '.', '-');
        std::ranges::replace(part, '@', '-');
        add_visualization(id("by-" + part), title, object_text([&](JsonWriter& json) {
                              json.member("title", title);
                              json.member("type", "table");
                              member_object(json, "params", [](JsonWriter& params) {
                                  params.member("perPage", 10);
                                  params.member("showTotal", false);
                              });
                              json.key("aggs");
                              json.begin_array();
                              write_agg(json, "1", "count", "metric", [](JsonWriter&) {});
                              write_agg(json, "2", "terms", "bucket", [&](JsonWriter& params) {
                                  params.member("field", field);
                                  params.member("size", 10);
                                  params.member("order", "desc");
                                  params.member("orderBy", "1");
                              });
                              json.end_array();
                          }));
    }

    /// The histogram over the whole width, then the tables two by two, the lines last.
    void add_dashboard() {
        constexpr int width = 48;
        constexpr int height = 12;
        std::vector<Reference> references;
        JsonWriter panels;
        panels.begin_array();
        const auto place = [&](const Reference& panel, int x, int y, int w) {
            const std::string name = fmt::format("panel_{}", references.size());
            panels.begin_object();
            panels.member("panelIndex", std::to_string(references.size() + 1));
            member_object(panels, "gridData", [&](JsonWriter& grid) {
                grid.member("x", x);
                grid.member("y", y);
                grid.member("w", w);
                grid.member("h", height);
                grid.member("i", std::to_string(references.size() + 1));
            });
            member_object(panels, "embeddableConfig", [](JsonWriter&) {});
            panels.member("panelRefName", name);
            panels.end_object();
            references.push_back({name, panel.type, panel.id});
        };
        place({.type = panels_[1].type, .id = panels_[1].id}, 0, 0, width);
        int count = 0;
        for (std::size_t i = 2; i < panels_.size(); ++i, ++count) {
            place({.type = panels_[i].type, .id = panels_[i].id},
                  count % 2 * width / 2,
                  height * (1 + count / 2),
                  width / 2);
        }
        place({.type = panels_[0].type, .id = panels_[0].id},
              0,
              height * (1 + (count + 1) / 2),
              width);
        panels.end_array();
        add(
            "dashboard",
            id("overview"),
            [&](JsonWriter& json) {
                json.member("title", fmt::format("{}: overview", name_));
                json.member("description", "");
                json.member("panelsJSON", std::string(panels.text()));
                json.member("optionsJSON", R"({"useMargins":true,"hidePanelTitles":false})");
                json.member("version", 1);
                json.member("timeRestore", false);
                member_object(json, "kibanaSavedObjectMeta", [](JsonWriter& meta) {
                    meta.member("searchSourceJSON",
                                R"({"query":{"query":"","language":"kuery"},"filter":[]})");
                });
            },
            references);
    }

    struct Panel {
        std::string type{};
        std::string id{};
    };

    const std::string& name_;
    const std::string& index_;
    const LogFields& fields_;
    ProvisionBundle bundle_{};
    std::vector<Panel> panels_{};
};

/// Lower is asked for more often.
std::size_t rank_of(std::string_view field) {
    constexpr std::array<std::string_view, 8> often{
        "level", "severity", "host", "service", "app", "status", "team", "logger"};
    for (std::size_t i = 0; i < often.size(); ++i) {
        if (field == often[i] || field.starts_with(fmt::format("{}.", often[i]))) {
            return i;
        }
    }
    return often.size();
}

}  // namespace

LogFields read_log_fields(JsonView capabilities) {
    LogFields fields;
    for (const JsonMember& field : capabilities.at("fields").members()) {
        if (field.name.starts_with('_')) {
            continue;
        }
        const auto types = field.value.members();
        const auto is = [&](std::initializer_list<std::string_view> wanted) {
            return !types.empty() && std::ranges::all_of(types, [&](const JsonMember& type) {
                const auto aggregatable = type.value.find("aggregatable");
                return std::ranges::find(wanted, type.name) != wanted.end() && aggregatable &&
                       aggregatable->flag();
            });
        };
        if (is({"date", "date_nanos"})) {
            if (fields.time.empty() || field.name == "@timestamp") {
                fields.time = field.name;
            }
        } else if (is({"keyword", "ip", "boolean", "constant_keyword"})) {
            fields.words.emplace_back(field.name);
        } else if (is({"long",
                       "integer",
                       "short",
                       "byte",
                       "double",
                       "float",
                       "half_float",
                       "scaled_float",
                       "unsigned_long"})) {
            fields.numbers.emplace_back(field.name);
        }
    }
    const auto by_use = [](const std::string& field) {
        return std::pair(rank_of(field), std::string_view(field));
    };
    std::ranges::sort(fields.words, {}, by_use);
    std::ranges::sort(fields.numbers);
    return fields;
}

ProvisionBundle make_template_bundle(const std::string& name,
                                     const std::string& index,
                                     const LogFields& fields) {
    return TemplateMaker(name, index, fields).make();
}

}  // namespace caretaker

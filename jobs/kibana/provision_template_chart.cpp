// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_template_chart.hpp"

#include "jobs/kibana/json_shapes.hpp"

#include <functional>
#include <string_view>

namespace caretaker {

namespace {

void add_aggregation(JsonWriter& json,
                     std::string_view id,
                     std::string_view kind,
                     std::string_view schema,
                     const std::function<void()>& parameters) {
    json.begin_object();
    json.member("id", id);
    json.member("enabled", true);
    json.member("type", kind);
    json.member("schema", schema);
    add_object(json, "params", parameters);
    json.end_object();
}

void add_axes(JsonWriter& json) {
    json.member("type", "histogram");
    json.member("addLegend", true);
    json.member("addTooltip", true);
    json.member("legendPosition", "right");
    json.member("addTimeMarker", false);
    json.member("mode", "stacked");
    add_array(json, "times", [] {});
    const auto axis = [&](std::string_view id, std::string_view kind, std::string_view place) {
        json.begin_object();
        json.member("id", id);
        json.member("name", id);
        json.member("type", kind);
        json.member("position", place);
        json.member("show", true);
        add_object(json, "scale", [&] { json.member("type", "linear"); });
        add_object(json, "labels", [&] { json.member("show", true); });
        add_object(json, "title", [&] { json.member("text", ""); });
        add_object(json, "style", [] {});
        json.end_object();
    };
    add_array(json, "categoryAxes", [&] { axis("CategoryAxis-1", "category", "bottom"); });
    add_array(json, "valueAxes", [&] { axis("ValueAxis-1", "value", "left"); });
    add_array(json, "seriesParams", [&] {
        json.begin_object();
        json.member("show", true);
        json.member("type", "histogram");
        json.member("mode", "stacked");
        add_object(json, "data", [&] {
            json.member("id", "1");
            json.member("label", "Count");
        });
        json.member("valueAxis", "ValueAxis-1");
        json.end_object();
    });
    add_object(json, "grid", [&] { json.member("categoryLines", false); });
}

}  // namespace

std::string template_chart_state(const TemplateChart& chart, const std::string& time) {
    return make_json([&](JsonWriter& json) {
        json.member("title", chart.title);
        json.member("type", chart.words.empty() ? "histogram" : "table");
        add_object(json, "params", [&] {
            if (chart.words.empty()) {
                add_axes(json);
            } else {
                json.member("perPage", 10);
                json.member("showPartialRows", false);
                json.member("showTotal", false);
                json.member("totalFunc", "sum");
            }
        });
        add_array(json, "aggs", [&] {
            add_aggregation(json, "1", chart.number.empty() ? "count" : "avg", "metric", [&] {
                if (!chart.number.empty()) {
                    json.member("field", chart.number);
                }
            });
            if (chart.words.empty()) {
                add_aggregation(json, "2", "date_histogram", "segment", [&] {
                    json.member("field", time);
                    json.member("interval", "auto");
                    json.member("min_doc_count", 1);
                    add_object(json, "extended_bounds", [] {});
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
        add_object(json, "listeners", [] {});
    });
}

}  // namespace caretaker

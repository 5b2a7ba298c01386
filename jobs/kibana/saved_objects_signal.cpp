// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/saved_objects_signal.hpp"

#include "common/base/error.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/kibana/json_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace caretaker {

namespace {

constexpr int not_found = 404;

constexpr std::array<std::string_view, 13> written_by_people{"dashboard",
                                                             "visualization",
                                                             "search",
                                                             "index-pattern",
                                                             "lens",
                                                             "canvas-workpad",
                                                             "map",
                                                             "config",
                                                             "query",
                                                             "application_usage_daily",
                                                             "application_usage_transactional",
                                                             "ui-counter",
                                                             "url"};

bool is_index_name(std::string_view name) {
    return name.find_first_of(" /?#%\"<>|\\*,") == std::string_view::npos;
}

struct KeptObjects {
    bool is_there = false;
    std::optional<WallTime> newest{};
};

KeptObjects fetch_newest(ServiceHttp& http, const std::string& index) {
    const HttpResponse response = http.require({.method = HttpMethod::post,
                                                .url = fmt::format("/{}/_search?size=0", index),
                                                .headers = {{"Content-Type", "application/json"}},
                                                .body = format_objects_question(),
                                                .effect = HttpEffect::read},
                                               {not_found});
    if (response.status == not_found) {
        return {};
    }
    const JsonDocument document =
        JsonDocument::parse(response.body, "elasticsearch: searching " + index);
    const auto newest = document.root().at("aggregations").at("newest").find("value");
    return {.is_there = true,
            .newest = newest ? std::optional(read_json_time(*newest)) : std::nullopt};
}

std::int64_t fetch_index_total(ServiceHttp& http, const std::string& index) {
    const HttpResponse response = http.require(
        {.url = fmt::format("/{}/_stats/indexing", index), .effect = HttpEffect::read});
    const JsonDocument document =
        JsonDocument::parse(response.body, "elasticsearch: numbers of " + index);
    const JsonView primaries = document.root().at("_all").at("primaries");
    return primaries.at("indexing").at("index_total").integer();
}

}  // namespace

std::string format_objects_question() {
    JsonWriter json;
    const auto open = [&](std::string_view name) {
        json.key(name);
        json.begin_object();
    };
    json.begin_object();
    open("query");
    open("terms");
    json.key("type");
    json.begin_array();
    for (const std::string_view type : written_by_people) {
        json.value(type);
    }
    json.end_array();
    json.end_object();
    json.end_object();
    open("aggs");
    open("newest");
    open("max");
    json.member("field", "updated_at");
    json.end_object();
    json.end_object();
    json.end_object();
    json.end_object();
    return std::string(json.text());
}

KibanaSignal read_saved_objects(ServiceHttp& http,
                                const SavedObjectsAsked& asked,
                                SavedObjectsMemory& memory) {
    KibanaSignal signal{.name = "docs"};
    for (const KibanaApp* app : asked.apps) {
        const auto known = asked.users.find(app->index);
        const bool is_shared = known != asked.users.end() && known->second > 1;
        if (app->index.empty() || is_shared || !is_index_name(app->index)) {
            continue;
        }
        // Caught because use is known without it, only less.
        try {
            const KeptObjects kept = fetch_newest(http, app->index);
            if (kept.newest) {
                signal.had_future_times = signal.had_future_times || *kept.newest > asked.now;
                signal.latest[app->id] = std::min(*kept.newest, asked.now);
            } else if (kept.is_there &&
                       note_index_total(memory, app->id, fetch_index_total(http, app->index))) {
                signal.latest[app->id] = asked.now;
            }
        } catch (const RemoteError& error) {
            signal.trouble = error.what();
        } catch (const JsonError& error) {
            signal.trouble = error.what();
        }
    }
    return signal;
}

}  // namespace caretaker

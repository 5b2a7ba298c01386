// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/saved_objects_client.hpp"

#include "common/base/error.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_copy.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"
#include "jobs/kibana/provision_form_model.hpp"
#include "jobs/kibana/provision_import_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>

namespace caretaker {

namespace {

constexpr std::string_view boundary = "caretaker-7d1f0c53b8e24a6c";

/// Both products want a header of their own of whatever is no GET, and take the other's.
std::vector<HttpHeader> headers_with(std::string content_type) {
    return {{"Content-Type", std::move(content_type)},
            {"kbn-xsrf", "caretaker"},
            {"osd-xsrf", "caretaker"}};
}

HttpRequest json_request(std::string url, std::string body, HttpEffect effect) {
    return {.method = HttpMethod::post,
            .url = std::move(url),
            .headers = headers_with("application/json"),
            .body = std::move(body),
            .effect = effect};
}

/// `message` of an error, else its beginning.
std::string message_of(const HttpResponse& response) {
    constexpr std::size_t shown = 200;
    try {  // an error page instead of JSON is told as well as it goes
        const JsonDocument document = JsonDocument::parse(response.body, "kibana");
        return fmt::format(
            "{} {}", response.status, json_text_or_empty(document.root(), "message"));
    } catch (const JsonError&) {
        return fmt::format("{} {}", response.status, response.body.substr(0, shown));
    }
}

std::string attributes_and_references(const BundleObject& object) {
    const JsonDocument document = JsonDocument::parse(object.json, object.origin);
    JsonWriter json;
    json.begin_object();
    for (const std::string_view name : {"attributes", "references"}) {
        if (const auto value = document.root().find(name)) {
            json.key(name);
            copy_json(*value, json);
        }
    }
    json.end_object();
    return std::string(json.text());
}

}  // namespace

KibanaServer look_at_kibana(HttpClient& http, const std::string& address) {
    const HttpOutcome outcome = try_send(http, {.url = address + "/api/status"});
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        return {.state = error->what()};
    }
    const auto& response = std::get<HttpResponse>(outcome);
    if (response.status == 401 || response.status == 403) {
        throw RemoteError(RemoteFailure::denied,
                          "kibana_denied",
                          fmt::format("kibana: it answers {}; give user and password of "
                                      "targets.<name>.kibana",
                                      response.status));
    }
    if (const std::string trouble = find_status_trouble(response.status, response.body);
        !trouble.empty()) {
        return {.state = trouble};
    }
    const JsonDocument document = JsonDocument::parse(response.body, "kibana: GET /api/status");
    const KibanaStatus status = read_kibana_status(document.root());
    KibanaServer server{.is_ready = status.is_ready, .state = status.state};
    const std::string number =
        status.version.empty() ? std::string(response.header("kbn-version")) : status.version;
    server.version = parse_dashboards_version(number);
    if (server.version) {
        server.version->opensearch = !response.header("osd-name").empty();
    }
    return server;
}

void SavedObjectsClient::settle_on(const DashboardsVersion& version, const std::string& space) {
    version_ = version;
    storage_ = object_storage(version).value_or(ObjectStorage::import_file);
    prefix_ = space.empty() || space == "default" ? "" : fmt::format("/s/{}", space);
}

std::string SavedObjectsClient::path(std::string_view rest) const {
    return fmt::format("{}{}", prefix_, rest);
}

PresentObjects SavedObjectsClient::fetch(const std::vector<BundleObject>& objects) {
    JsonWriter json;
    json.begin_array();
    for (const BundleObject& object : objects) {
        json.begin_object();
        json.member("type", object.type);
        json.member("id", object.id);
        json.end_object();
    }
    json.end_array();
    const HttpResponse response = http_.require(json_request(
        path("/api/saved_objects/_bulk_get"), std::string(json.text()), HttpEffect::read));
    const JsonDocument document =
        JsonDocument::parse(response.body, "kibana: the saved objects that are there");
    PresentObjects present;
    for (const JsonView& object : document.root().at("saved_objects").elements()) {
        if (!object.find("error")) {
            present.emplace(std::pair(std::string(object.at("type").text()),
                                      std::string(object.at("id").text())),
                            normal_object(object));
        }
    }
    return present;
}

std::vector<std::string> SavedObjectsClient::write(
    const std::vector<const BundleObject*>& objects) {
    return storage_ == ObjectStorage::object_calls ? write_by_calls(objects) : import_file(objects);
}

std::vector<std::string> SavedObjectsClient::write_by_calls(
    const std::vector<const BundleObject*>& objects) {
    std::vector<std::string> troubles;
    for (const BundleObject* object : objects) {
        const HttpResponse response = http_.send(json_request(
            path(fmt::format("/api/saved_objects/{}/{}?overwrite=true", object->type, object->id)),
            attributes_and_references(*object),
            HttpEffect::repeatable_change));
        troubles.push_back(response.ok() ? std::string() : message_of(response));
    }
    return troubles;
}

std::vector<std::string> SavedObjectsClient::import_file(
    const std::vector<const BundleObject*>& objects) {
    std::string body = fmt::format(
        "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bundle.ndjson\"\r\n"
        "Content-Type: application/ndjson\r\n\r\n",
        boundary);
    for (const BundleObject* object : objects) {
        body += object->json + "\n";
    }
    body += fmt::format("\r\n--{}--\r\n", boundary);
    const HttpResponse response = http_.send(
        {.method = HttpMethod::post,
         .url = path("/api/saved_objects/_import?overwrite=true"),
         .headers = headers_with(fmt::format("multipart/form-data; boundary={}", boundary)),
         .body = std::move(body),
         .effect = HttpEffect::repeatable_change,
         .may_be_silent = true});
    if (!response.ok()) {
        return std::vector<std::string>(objects.size(), message_of(response));
    }
    const JsonDocument document = JsonDocument::parse(response.body, "kibana: the import");
    const ImportAnswer answer =
        read_import_answer(document.root(), static_cast<std::int64_t>(objects.size()));
    std::vector<std::string> troubles;
    for (const BundleObject* object : objects) {
        const auto refusal = std::ranges::find_if(answer.refusals, [&](const ImportRefusal& one) {
            return one.type == object->type && one.id == object->id;
        });
        troubles.push_back(
            refusal != answer.refusals.end() ? fmt::format("Kibana refused it: {}", refusal->kind)
            : answer.complete                ? std::string()
                              : "Kibana imported nothing, as others of the bundle were refused");
    }
    return troubles;
}

std::string SavedObjectsClient::settings_path() const {
    return path(version_.opensearch ? "/api/opensearch-dashboards/settings"
                                    : "/api/kibana/settings");
}

std::string SavedObjectsClient::default_index() {
    const bool has_views = storage_ == ObjectStorage::data_view;
    const HttpResponse response =
        http_.require({.url = has_views ? path("/api/data_views/default") : settings_path()});
    const JsonDocument document =
        JsonDocument::parse(response.body, "kibana: the default index pattern");
    if (has_views) {
        return json_text_or_empty(document.root(), "data_view_id");
    }
    const auto setting = document.root().at("settings").find("defaultIndex");
    return setting ? json_text_or_empty(*setting, "userValue") : std::string();
}

void SavedObjectsClient::set_default_index(const std::string& id) {
    JsonWriter json;
    json.begin_object();
    if (storage_ == ObjectStorage::data_view) {
        json.member("data_view_id", id);
        json.member("force", false);
    } else {
        json.key("changes");
        json.begin_object();
        json.member("defaultIndex", id);
        json.end_object();
    }
    json.end_object();
    http_.require(json_request(
        storage_ == ObjectStorage::data_view ? path("/api/data_views/default") : settings_path(),
        std::string(json.text()),
        HttpEffect::repeatable_change));
}

}  // namespace caretaker

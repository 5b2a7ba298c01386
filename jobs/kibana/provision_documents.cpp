// SPDX-License-Identifier: Apache-2.0
#include "common/base/error.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/kibana/provision_form_model.hpp"
#include "jobs/kibana/provision_keeper.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr int not_found = 404;
constexpr int conflict = 409;

class DocumentKeeper final : public ObjectKeeper {
 public:
    DocumentKeeper(ServiceHttp& search, KeeperOptions options)
        : search_(search), options_(std::move(options)) {
        if (is_kibana_3()) {
            options_.index = "kibana-int";
        }
    }

    std::vector<std::optional<KeptObject>> read(
        std::span<const BundleObject* const> objects) override {
        JsonWriter json;
        json.begin_object();
        json.key("docs");
        json.begin_array();
        for (const BundleObject* object : objects) {
            json.begin_object();
            json.member("_type", object->type);
            json.member("_id", document_id(*object));
            json.end_object();
        }
        json.end_array();
        json.end_object();
        const HttpResponse response =
            search_.require({.method = HttpMethod::post,
                             .url = fmt::format("/{}/_mget", options_.index),
                             .headers = {{"Content-Type", "application/json"}},
                             .body = std::string(json.text()),
                             .effect = HttpEffect::read},
                            {not_found});
        std::vector<std::optional<KeptObject>> kept(objects.size());
        if (response.status == not_found) {
            return require_index(kept);
        }
        const JsonDocument document = JsonDocument::parse(
            response.body, "elasticsearch: reading the documents of " + options_.index);
        const JsonView list = document.root().at("docs");
        const auto docs = list.elements();
        if (docs.size() != objects.size()) {
            list.fail(fmt::format(
                "has {} documents, but {} were asked for", docs.size(), objects.size()));
        }
        for (std::size_t i = 0; i < docs.size(); ++i) {
            if (docs[i].find("error")) {
                return require_index(kept);
            }
            if (json_flag_or(docs[i], "found", false)) {
                kept[i] = read_kept(*objects[i], docs[i]);
            }
        }
        return kept;
    }

    std::vector<ActionResult> write(std::span<const ObjectWrite> writes) override {
        std::vector<ActionResult> results;
        for (const ObjectWrite& write : writes) {
            results.push_back(write_one(write));
        }
        return results;
    }

    [[nodiscard]] bool has_default() const override { return !is_kibana_3(); }

    std::string read_default() override {
        const HttpResponse response = search_.require({.url = config_url()}, {not_found});
        if (response.status == not_found) {
            return {};
        }
        const JsonDocument document =
            JsonDocument::parse(response.body, "elasticsearch: reading the settings of Kibana");
        has_config_ = true;
        const std::string id = json_text_or_empty(document.root().at("_source"), "defaultIndex");
        if (id.empty()) {
            return {};
        }
        const HttpResponse target =
            search_.require({.url = document_url("index-pattern", id)}, {not_found});
        return target.status == not_found ? std::string() : id;
    }

    ActionResult write_default(const std::string& id) override {
        JsonWriter json;
        json.begin_object();
        if (has_config_) {
            json.key("doc");
            json.begin_object();
        }
        json.member("defaultIndex", id);
        if (has_config_) {
            json.end_object();
        }
        json.end_object();
        const HttpRequest request{
            .method = has_config_ ? HttpMethod::post : HttpMethod::put,
            .url = config_url() + (has_config_ ? "/_update" : "?op_type=create"),
            .headers = {{"Content-Type", "application/json"}},
            .body = std::string(json.text()),
            .effect = HttpEffect::repeatable_change};
        return judge(search_.require(request, {conflict}));
    }

 private:
    [[nodiscard]] bool is_kibana_3() const { return options_.version.major == 3; }

    /// Kibana 3 looks for a dashboard by its title.
    [[nodiscard]] std::string document_id(const BundleObject& object) const {
        if (!is_kibana_3()) {
            return object.id;
        }
        const JsonDocument attributes = JsonDocument::parse(object.attributes, object.where);
        const std::string title = json_text_or_empty(attributes.root(), "title");
        return title.empty() ? object.id : title;
    }

    [[nodiscard]] std::string document_url(std::string_view type, std::string_view id) const {
        return fmt::format("/{}/{}/{}", options_.index, type, encode_segment(id));
    }

    [[nodiscard]] std::string config_url() const { return document_url("config", options_.number); }

    /// Kibana 3 makes its index with the first dashboard. Later ones make it when they start, with
    /// a mapping of their own that must not be missed.
    [[nodiscard]] std::vector<std::optional<KeptObject>> require_index(
        const std::vector<std::optional<KeptObject>>& nothing) const {
        if (is_kibana_3()) {
            return nothing;
        }
        throw RemoteError(
            RemoteFailure::failed,
            "kibana_index_missing",
            fmt::format("elasticsearch has no index {}, in which Kibana {} keeps its objects; is "
                        "it the Elasticsearch of this Kibana? Else set KIBANA_INDEX of the app, or "
                        "--kibana-index",
                        options_.index,
                        options_.number));
    }

    [[nodiscard]] KeptObject read_kept(const BundleObject& object, JsonView doc) const {
        const auto version = doc.find("_version");
        KeptObject kept{.version = version ? version->number_text() : std::string()};
        const JsonView source = doc.at("_source");
        if (!is_kibana_3()) {
            kept.normal = normal_object(object.type, source, std::nullopt);
            return kept;
        }
        JsonWriter json;
        json.begin_object();
        for (const std::string_view name : {"title", "dashboard"}) {
            json.member(name, json_text_or_empty(source, name));
        }
        json.end_object();
        const JsonDocument own = JsonDocument::parse(json.text(), object.where);
        kept.normal = normal_object(object.type, own.root(), std::nullopt);
        return kept;
    }

    /// Kibana 3 wants to know whose it is.
    [[nodiscard]] std::string body_of(const BundleObject& object) const {
        if (!is_kibana_3()) {
            return object.attributes;
        }
        const JsonDocument attributes = JsonDocument::parse(object.attributes, object.where);
        JsonWriter json;
        json.begin_object();
        json.member("user", "guest");
        json.member("group", "guest");
        json.member("title", json_text_or_empty(attributes.root(), "title"));
        json.member("dashboard", json_text_or_empty(attributes.root(), "dashboard"));
        json.end_object();
        return std::string(json.text());
    }

    ActionResult write_one(const ObjectWrite& write) {
        const std::string condition = !write.replaces         ? "?op_type=create"
                                      : write.version.empty() ? std::string()
                                                              : "?version=" + write.version;
        const std::string url = document_url(write.object->type, document_id(*write.object));
        return judge(search_.require({.method = HttpMethod::put,
                                      .url = url + condition,
                                      .headers = {{"Content-Type", "application/json"}},
                                      .body = body_of(*write.object)},
                                     {conflict}));
    }

    /// What was sent twice because the first answer was lost is seen again after all is written.
    static ActionResult judge(const HttpResponse& response) {
        if (response.status != conflict) {
            return {};
        }
        return {.state = ActionState::failed,
                .error = "somebody wrote it at the same time; run again to see what is there"};
    }

    ServiceHttp& search_;
    KeeperOptions options_;
    bool has_config_ = false;
};

}  // namespace

std::unique_ptr<ObjectKeeper> keep_in_documents(ServiceHttp& search, KeeperOptions options) {
    return std::make_unique<DocumentKeeper>(search, std::move(options));
}

}  // namespace caretaker

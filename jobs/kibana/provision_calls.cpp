// SPDX-License-Identifier: Apache-2.0
#include "common/base/error.hpp"
#include "common/http/http_status.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_members.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/kibana/provision_calls_model.hpp"
#include "jobs/kibana/provision_form_model.hpp"
#include "jobs/kibana/provision_import_model.hpp"
#include "jobs/kibana/provision_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int conflict = 409;
constexpr std::string_view json_type = "application/json";
constexpr std::string_view written_meanwhile =
    "somebody wrote it at the same time; run again to see what is there";

std::string_view advice_for(ImportFault fault) {
    switch (fault) {
        case ImportFault::conflict:
        case ImportFault::ambiguous_conflict:
            return written_meanwhile;
        case ImportFault::missing_references:
            return "what it refers to is neither there nor in the bundle; add it to the bundle";
        case ImportFault::unsupported_type:
            return "this Kibana does not know objects of its type; leave it out of the bundle";
        case ImportFault::unknown:
            break;
    }
    return "look at the log of Kibana";
}

/// While there are such refusals nothing of the file is taken.
bool is_resolvable(const ImportRefusal& refusal) {
    return refusal.fault == ImportFault::conflict ||
           refusal.fault == ImportFault::ambiguous_conflict ||
           refusal.fault == ImportFault::missing_references;
}

class CallKeeper final : public ObjectKeeper {
 public:
    CallKeeper(ServiceHttp& kibana, KeeperOptions options)
        : kibana_(kibana),
          options_(std::move(options)),
          storage_(object_storage(options_.version).value()),
          root_(options_.base_path) {
        if (!options_.space.empty() && !options_.version.opensearch) {
            root_ += "/s/" + options_.space;
        }
        if (storage_ == ObjectStorage::data_view) {
            pattern_member_ = "data_view";
        } else if (storage_ == ObjectStorage::index_pattern) {
            pattern_member_ = "index_pattern";
        }
    }

    std::vector<std::optional<KeptObject>> read(
        std::span<const BundleObject* const> objects) override {
        HttpRequest request = make(HttpMethod::post, "/api/saved_objects/_bulk_get");
        request.body = format_objects_asked(objects);
        request.effect = HttpEffect::read;
        const HttpResponse response = kibana_.require(request);
        const JsonDocument document = JsonDocument::parse(response.body, what("reading objects"));
        const JsonView list = document.root().at("saved_objects");
        const auto found = list.elements();
        if (found.size() != objects.size()) {
            list.fail(
                fmt::format("has {} objects, but {} were asked for", found.size(), objects.size()));
        }
        std::vector<std::optional<KeptObject>> kept;
        for (std::size_t i = 0; i < found.size(); ++i) {
            kept.push_back(read_kept(*objects[i], found[i]));
        }
        return kept;
    }

    std::vector<ActionResult> write(std::span<const ObjectWrite> writes) override {
        std::vector<ActionResult> results(writes.size());
        std::vector<std::size_t> imported;
        for (std::size_t i = 0; i < writes.size(); ++i) {
            if (storage_ == ObjectStorage::object_calls) {
                results[i] = write_object(writes[i]);
            } else if (!pattern_member_.empty() && fits_pattern_call(*writes[i].object)) {
                results[i] = write_pattern(writes[i]);
            } else {
                imported.push_back(i);
            }
        }
        for (const bool replaces : {false, true}) {
            std::vector<std::size_t> some;
            std::ranges::copy_if(imported, std::back_inserter(some), [&](std::size_t i) {
                return writes[i].replaces == replaces;
            });
            // Caught because what was written before by other calls, or by the first of two
            // imports, is there.
            try {
                import_all(writes, some, replaces, results);
            } catch (const RemoteError& error) {
                if (error.may_have_arrived() || error.failure() == RemoteFailure::unreachable) {
                    throw;
                }
                for (const std::size_t place : some) {
                    results[place] = {.state = ActionState::failed,
                                      .error = error.what(),
                                      .refused = error.failure() == RemoteFailure::denied};
                }
            }
        }
        return results;
    }

    [[nodiscard]] bool writes_together() const override {
        return storage_ != ObjectStorage::object_calls;
    }

    std::string read_default() override {
        std::string id = read_default_id();
        if (id.empty()) {
            return id;
        }
        const HttpResponse target = kibana_.require(
            make(HttpMethod::get, "/api/saved_objects/index-pattern/" + encode_segment(id)),
            {not_found});
        return target.status == not_found ? std::string() : id;
    }

    ActionResult write_default(const std::string& id) override {
        JsonWriter json;
        json.begin_object();
        if (has_default_call_) {
            json.member(pattern_member_ + "_id", id);
            json.member("force", default_is_gone_);
        } else {
            json.key("changes");
            json.begin_object();
            json.member("defaultIndex", id);
            json.end_object();
        }
        json.end_object();
        HttpRequest request =
            make(HttpMethod::post, has_default_call_ ? default_call() : settings_call());
        request.body = json.text();
        request.effect = HttpEffect::repeatable_change;
        kibana_.require(request);
        return {};
    }

 private:
    [[nodiscard]] HttpRequest make(HttpMethod method, std::string_view path) const {
        HttpRequest request{.method = method,
                            .url = fmt::format("{}{}", root_, path),
                            .headers = {{"Content-Type", std::string(json_type)}}};
        request.headers.push_back(
            {options_.version.opensearch ? "osd-xsrf" : "kbn-xsrf", "caretaker"});
        if (options_.version.opensearch && !options_.space.empty()) {
            request.headers.push_back({"securitytenant", options_.space});
        }
        return request;
    }

    [[nodiscard]] std::string what(std::string_view doing) const {
        return fmt::format("{}: {}", kibana_.name(), doing);
    }

    [[nodiscard]] std::string default_call() const {
        return pattern_member_ == "data_view" ? "/api/data_views/default"
                                              : "/api/index_patterns/default";
    }

    [[nodiscard]] std::string settings_call() const {
        return options_.version.opensearch ? "/api/opensearch-dashboards/settings"
                                           : "/api/kibana/settings";
    }

    std::string read_default_id() {
        if (!pattern_member_.empty()) {
            const HttpResponse response =
                kibana_.require(make(HttpMethod::get, default_call()), {not_found});
            if (response.status != not_found) {
                has_default_call_ = true;
                const JsonDocument document =
                    JsonDocument::parse(response.body, what("reading the default data view"));
                std::string id = json_text_or_empty(document.root(), pattern_member_ + "_id");
                default_is_gone_ = !id.empty();  // only asked to write where it is
                return id;
            }
        }
        const HttpResponse response = kibana_.require(make(HttpMethod::get, settings_call()));
        const JsonDocument document =
            JsonDocument::parse(response.body, what("reading the settings"));
        const auto setting = document.root().at("settings").find("defaultIndex");
        return setting ? json_text_or_empty(*setting, "userValue") : std::string();
    }

    static std::optional<KeptObject> read_kept(const BundleObject& object, JsonView found) {
        if (const auto error = found.find("error")) {
            if (error->at("statusCode").integer() == not_found) {
                return std::nullopt;
            }
            found.fail(fmt::format("cannot be read: {}", json_text_or_empty(*error, "message")));
        }
        if (found.at("id").text() != object.id || found.at("type").text() != object.type) {
            found.fail(fmt::format("is another object than {} '{}'", object.type, object.id));
        }
        return KeptObject{
            .normal = normal_object(object.type, found.at("attributes"), found.find("references"))};
    }

    ActionResult write_object(const ObjectWrite& write) {
        HttpRequest request = make(HttpMethod::post,
                                   fmt::format("/api/saved_objects/{}/{}?overwrite={}",
                                               write.object->type,
                                               encode_segment(write.object->id),
                                               write.replaces));
        request.body = format_object_body(*write.object);
        request.effect = HttpEffect::repeatable_change;
        return judge(kibana_.require(request, {conflict}));
    }

    ActionResult write_pattern(const ObjectWrite& write) {
        HttpRequest request =
            make(HttpMethod::post,
                 pattern_member_ == "data_view" ? "/api/data_views/data_view"
                                                : "/api/index_patterns/index_pattern");
        request.body = format_pattern_call(*write.object, pattern_member_, write.replaces);
        request.effect = HttpEffect::repeatable_change;
        const HttpResponse response = kibana_.require(request, {bad_request, conflict});
        if (response.status == bad_request &&
            response.body.find("Duplicate") == std::string::npos) {
            throw describe_status(kibana_.name(), request, response);
        }
        return judge(response);
    }

    static ActionResult judge(const HttpResponse& response) {
        if (response.ok()) {
            return {};
        }
        return {.state = ActionState::failed, .error = std::string(written_meanwhile)};
    }

    /// Nothing of a file is taken while one of its objects is in conflict or lacks another; those
    /// are left out then and the others sent once more.
    void import_all(std::span<const ObjectWrite> writes,
                    std::vector<std::size_t> places,
                    bool replaces,
                    std::vector<ActionResult>& results) {
        for (int turn = 0; turn < 2 && !places.empty(); ++turn) {
            const ImportAnswer answer = send_import(writes, places, replaces);
            if (answer.complete) {
                return;
            }
            const bool took_nothing = std::ranges::any_of(answer.refusals, is_resolvable);
            std::vector<std::size_t> others;
            for (const std::size_t place : places) {
                const BundleObject& object = *writes[place].object;
                const auto refusal =
                    std::ranges::find_if(answer.refusals, [&](const ImportRefusal& one) {
                        return one.type == object.type && one.id == object.id;
                    });
                if (refusal == answer.refusals.end()) {
                    others.push_back(place);
                    continue;
                }
                results[place] = {
                    .state = ActionState::failed,
                    .error = fmt::format(
                        "Kibana refused it ({}): {}", refusal->kind, advice_for(refusal->fault))};
            }
            if (!took_nothing && !answer.refusals.empty()) {
                return;  // then it has taken the others
            }
            if (turn > 0 || others.size() == places.size()) {
                for (const std::size_t place : others) {
                    results[place] = {.state = ActionState::failed,
                                      .error =
                                          "Kibana answered 200 but did not import it; look at "
                                          "the log of Kibana"};
                }
                return;
            }
            places = std::move(others);
        }
    }

    ImportAnswer send_import(std::span<const ObjectWrite> writes,
                             const std::vector<std::size_t>& places,
                             bool replaces) {
        std::vector<const BundleObject*> objects;
        objects.reserve(places.size());
        for (const std::size_t place : places) {
            objects.push_back(writes[place].object);
        }
        HttpRequest request = make(
            HttpMethod::post, fmt::format("/api/saved_objects/_import?overwrite={}", replaces));
        FormFile file = format_form_file(format_import_lines(objects));
        request.headers.front().value = std::move(file.content_type);
        request.body = std::move(file.body);
        request.effect = HttpEffect::single_change;
        request.may_be_silent = true;
        const HttpResponse response = kibana_.require(request);
        const JsonDocument document = JsonDocument::parse(response.body, what("importing objects"));
        return read_import_answer(document.root(), static_cast<std::int64_t>(objects.size()));
    }

    ServiceHttp& kibana_;
    KeeperOptions options_;
    ObjectStorage storage_;
    std::string root_;
    std::string pattern_member_{};  // empty: index patterns are objects like others
    bool has_default_call_ = false;
    bool default_is_gone_ = false;
};

}  // namespace

std::unique_ptr<ObjectKeeper> keep_by_calls(ServiceHttp& kibana, KeeperOptions options) {
    return std::make_unique<CallKeeper>(kibana, std::move(options));
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/kibana_objects.hpp"

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/platform_state.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>
#include <utility>

namespace caretaker::sandbox {

namespace {

using Objects = std::map<SavedObjectKey, FakeSavedObject>;

std::string member_json(const rapidjson::Value& object, const char* name, std::string otherwise) {
    return object.IsObject() && object.HasMember(name) ? format_value(object[name])
                                                       : std::move(otherwise);
}

std::string member_text(const rapidjson::Value& object, const char* name) {
    return object.IsObject() && object.HasMember(name) && object[name].IsString()
               ? object[name].GetString()
               : "";
}

void write_object(Json& json, const SavedObjectKey& key, const FakeSavedObject& object) {
    json.begin_object()
        .text("id", key.second)
        .text("type", key.first)
        .text("updated_at", format_millis(object.updated_ms))
        .text("version", fmt::format("WzEsMV0={}", object.version))
        .raw("attributes", object.attributes)
        .raw("references", object.references)
        .end_object();
}

std::string object_text(const SavedObjectKey& key, const FakeSavedObject& object) {
    return format_document([&](Json& json) { write_object(json, key, object); });
}

/// Ids that the references name and nobody has.
std::vector<SavedObjectKey> missing_references(
    const std::string& references, const std::function<bool(const SavedObjectKey&)>& has) {
    rapidjson::Document list;
    list.Parse(references.c_str());
    std::vector<SavedObjectKey> missing;
    if (!list.IsArray()) {
        return missing;
    }
    for (const auto& reference : list.GetArray()) {
        SavedObjectKey key{member_text(reference, "type"), member_text(reference, "id")};
        // Only these are looked at.
        const bool is_checked = key.first == "index-pattern" || key.first == "search";
        if (is_checked && !has(key)) {
            missing.push_back(std::move(key));
        }
    }
    return missing;
}

const std::set<std::string>& known_types() {
    static const std::set<std::string> types{"index-pattern",
                                             "search",
                                             "visualization",
                                             "dashboard",
                                             "lens",
                                             "map",
                                             "canvas-workpad",
                                             "query",
                                             "tag",
                                             "config"};
    return types;
}

ServedAnswer not_found(const SavedObjectKey& key) {
    return kibana_error(404, fmt::format("Saved object [{}/{}] not found", key.first, key.second));
}

class ObjectApi {
 public:
    ObjectApi(KibanaState& state,
              const std::string& space,
              const RequestTarget& target,
              const HttpRequest& request)
        : state_(state), objects_(state.spaces[space]), target_(target), request_(request) {}

    std::optional<ServedAnswer> answer(const std::vector<std::string>& path) {
        const bool is_get = request_.method == HttpMethod::get;
        const bool is_post = request_.method == HttpMethod::post;
        if (path.size() == 1 && path[0] == "_find" && is_get) {
            return find();
        }
        if (path.size() == 1 && path[0] == "_import" && is_post && state_.version.since(6, 8)) {
            return import();
        }
        if (path.size() == 1 && path[0] == "_export" && is_post && state_.version.since(6, 8)) {
            return export_objects();
        }
        if (path.size() == 1 && (path[0] == "_bulk_get" || path[0] == "_bulk_create") && is_post) {
            return path[0] == "_bulk_get" ? bulk_get() : bulk_create();
        }
        if (path.size() == 2 && !path[0].starts_with('_')) {
            return one({path[0], path[1]});
        }
        if (path.size() == 1 && is_post && !path[0].starts_with('_')) {
            return one({path[0], fmt::format("00000000-0000-4000-a000-{:012}", ++state_.made)});
        }
        return std::nullopt;
    }

 private:
    FakeSavedObject read_object(const rapidjson::Value& body) const {
        return {.attributes = member_json(body, "attributes", "{}"),
                .references = member_json(body, "references", "[]"),
                .updated_ms = state_.now_ms};
    }

    void put(const SavedObjectKey& key, FakeSavedObject object) {
        const auto found = objects_.find(key);
        object.version = found == objects_.end() ? 1 : found->second.version + 1;
        objects_[key] = std::move(object);
    }

    ServedAnswer one(const SavedObjectKey& key) {
        const auto found = objects_.find(key);
        switch (request_.method) {
            case HttpMethod::get:
                return found == objects_.end()
                           ? not_found(key)
                           : json_answer(object_text(found->first, found->second));
            case HttpMethod::del:
                if (found == objects_.end()) {
                    return not_found(key);
                }
                objects_.erase(found);
                return json_answer("{}");
            case HttpMethod::post:
            case HttpMethod::put:
                return write_one(key, found != objects_.end());
            default:
                return kibana_error(404, "Not Found");
        }
    }

    ServedAnswer write_one(const SavedObjectKey& key, bool is_there) {
        const bool is_creation = request_.method == HttpMethod::post;
        if (!is_creation && !is_there) {
            return not_found(key);
        }
        if (is_creation && is_there && target_.parameter("overwrite") != "true") {
            return kibana_error(
                409, fmt::format("Saved object [{}/{}] conflict", key.first, key.second));
        }
        if (!known_types().contains(key.first)) {
            return kibana_error(
                400, fmt::format("Unsupported saved object type: '{}': Bad Request", key.first));
        }
        rapidjson::Document body;
        body.Parse(request_.body.c_str());
        if (body.HasParseError() || !body.IsObject() || !body.HasMember("attributes")) {
            return kibana_error(400,
                                "[request body.attributes]: expected value of type [object] but "
                                "got [undefined]");
        }
        put(key, read_object(body));
        return json_answer(object_text(key, objects_.at(key)));
    }

    ServedAnswer find() const {
        const auto types = target_.parameters_named("type");
        const auto number = [&](std::string_view name, std::size_t otherwise) {
            const std::string_view text = target_.parameter(name);
            std::size_t value = otherwise;
            std::from_chars(text.data(), text.data() + text.size(), value);
            return value;
        };
        const std::size_t per_page = number("per_page", 20);
        const std::size_t page = std::max<std::size_t>(1, number("page", 1));
        std::vector<const Objects::value_type*> found;
        for (const auto& entry : objects_) {
            if (types.empty() || std::ranges::find(types, entry.first.first) != types.end()) {
                found.push_back(&entry);
            }
        }
        return json_answer(format_document([&](Json& json) {
            json.begin_object()
                .integer("page", static_cast<std::int64_t>(page))
                .integer("per_page", static_cast<std::int64_t>(per_page))
                .integer("total", static_cast<std::int64_t>(found.size()))
                .begin_array("saved_objects");
            for (std::size_t i = (page - 1) * per_page; i < found.size() && i < page * per_page;
                 ++i) {
                write_object(json, found[i]->first, found[i]->second);
            }
            json.end_array().end_object();
        }));
    }

    ServedAnswer bulk_get() const {
        rapidjson::Document body;
        body.Parse(request_.body.c_str());
        if (!body.IsArray()) {
            return kibana_error(400, "[request body]: expected value of type [array]");
        }
        return json_answer(format_document([&](Json& json) {
            json.begin_object().begin_array("saved_objects");
            for (const auto& entry : body.GetArray()) {
                const SavedObjectKey key{member_text(entry, "type"), member_text(entry, "id")};
                const auto found = objects_.find(key);
                if (found != objects_.end()) {
                    write_object(json, found->first, found->second);
                    continue;
                }
                json.begin_object()
                    .text("id", key.second)
                    .text("type", key.first)
                    .begin_object("error")
                    .integer("statusCode", 404)
                    .text("error", "Not Found")
                    .text("message", "Not found")
                    .end_object()
                    .end_object();
            }
            json.end_array().end_object();
        }));
    }

    ServedAnswer bulk_create() {
        rapidjson::Document body;
        body.Parse(request_.body.c_str());
        if (!body.IsArray()) {
            return kibana_error(400, "[request body]: expected value of type [array]");
        }
        const bool overwrites = target_.parameter("overwrite") == "true";
        return json_answer(format_document([&](Json& json) {
            json.begin_object().begin_array("saved_objects");
            for (const auto& entry : body.GetArray()) {
                const SavedObjectKey key{member_text(entry, "type"), member_text(entry, "id")};
                if (objects_.contains(key) && !overwrites) {
                    json.begin_object()
                        .text("id", key.second)
                        .text("type", key.first)
                        .begin_object("error")
                        .integer("statusCode", 409)
                        .text("message", "version conflict, document already exists")
                        .end_object()
                        .end_object();
                    continue;
                }
                put(key, read_object(entry));
                write_object(json, key, objects_.at(key));
            }
            json.end_array().end_object();
        }));
    }

    struct ImportError {
        SavedObjectKey key{};
        std::string type{};
        std::vector<SavedObjectKey> references{};
    };

    /// Answers 200 also where objects were not taken; then "success" is false. Objects are taken
    /// only when nothing is open that the caller could resolve.
    ServedAnswer import() {
        const auto file = read_form_file(request_);
        if (!file) {
            return kibana_error(400,
                                "[request body.file]: expected value of type [Stream] but got "
                                "[undefined]");
        }
        std::map<SavedObjectKey, FakeSavedObject> given;
        for (const std::string_view line : split_text(*file, '\n')) {
            rapidjson::Document object;
            object.Parse(line.data(), line.size());
            if (object.HasParseError() || !object.IsObject()) {
                return kibana_error(400, "Unexpected token in JSON at position 0");
            }
            if (!object.HasMember("exportedCount")) {
                given[{member_text(object, "type"), member_text(object, "id")}] =
                    read_object(object);
            }
        }
        const std::vector<ImportError> errors = find_import_errors(given);
        const bool is_open = std::ranges::any_of(
            errors, [](const ImportError& error) { return error.type != "unsupported_type"; });
        std::size_t taken = 0;
        for (const auto& [key, object] : given) {
            const bool is_refused = std::ranges::any_of(
                errors, [&](const ImportError& error) { return error.key == key; });
            if (!is_open && !is_refused) {
                put(key, object);
                ++taken;
            }
        }
        return json_answer(format_import(errors, given.size(), taken));
    }

    [[nodiscard]] std::vector<ImportError> find_import_errors(
        const std::map<SavedObjectKey, FakeSavedObject>& given) const {
        const bool overwrites = target_.parameter("overwrite") == "true";
        std::vector<ImportError> errors;
        for (const auto& [key, object] : given) {
            if (!known_types().contains(key.first)) {
                errors.push_back({key, "unsupported_type", {}});
            } else if (auto missing = missing_references(object.references,
                                                         [&](const SavedObjectKey& wanted) {
                                                             return objects_.contains(wanted) ||
                                                                    given.contains(wanted);
                                                         });
                       !missing.empty()) {
                errors.push_back({key, "missing_references", std::move(missing)});
            } else if (objects_.contains(key) && !overwrites) {
                errors.push_back({key, "conflict", {}});
            }
        }
        return errors;
    }

    static std::string format_import(const std::vector<ImportError>& errors,
                                     std::size_t given,
                                     std::size_t taken) {
        return format_document([&](Json& json) {
            json.begin_object()
                .integer("successCount",
                         static_cast<std::int64_t>(errors.empty() ? taken : given - errors.size()))
                .flag("success", errors.empty())
                .begin_array("warnings")
                .end_array();
            if (!errors.empty()) {
                json.begin_array("errors");
                for (const ImportError& error : errors) {
                    json.begin_object()
                        .text("id", error.key.second)
                        .text("type", error.key.first)
                        .begin_object("meta")
                        .end_object()
                        .begin_object("error")
                        .text("type", error.type);
                    if (!error.references.empty()) {
                        json.begin_array("references");
                        for (const auto& [type, id] : error.references) {
                            json.begin_object().text("type", type).text("id", id).end_object();
                        }
                        json.end_array();
                    }
                    json.end_object().end_object();
                }
                json.end_array();
            }
            json.end_object();
        });
    }

    ServedAnswer export_objects() const {
        rapidjson::Document body;
        body.Parse(request_.body.c_str());
        std::set<std::string> types;
        std::set<SavedObjectKey> keys;
        if (body.IsObject() && body.HasMember("type")) {
            if (body["type"].IsString()) {
                types.insert(body["type"].GetString());
            } else if (body["type"].IsArray()) {
                for (const auto& type : body["type"].GetArray()) {
                    types.insert(type.IsString() ? type.GetString() : "");
                }
            }
        }
        if (body.IsObject() && body.HasMember("objects") && body["objects"].IsArray()) {
            for (const auto& object : body["objects"].GetArray()) {
                keys.emplace(member_text(object, "type"), member_text(object, "id"));
            }
        }
        if (types.empty() && keys.empty()) {
            return kibana_error(400, "Either `type` or `objects` are required.");
        }
        for (const SavedObjectKey& key : keys) {
            if (!objects_.contains(key)) {
                return kibana_error(400, "Bad Request");
            }
        }
        std::string lines;
        std::size_t count = 0;
        for (const auto& [key, object] : objects_) {
            if (types.contains(key.first) || keys.contains(key)) {
                lines += object_text(key, object) + "\n";
                ++count;
            }
        }
        const bool is_plain =
            body.HasMember("excludeExportDetails") && body["excludeExportDetails"].IsTrue();
        if (!is_plain) {
            lines += fmt::format(
                R"({{"exportedCount":{},"missingRefCount":0,"missingReferences":[]}})", count);
        }
        return {.headers = {{"Content-Type", "application/ndjson"},
                            {"Content-Disposition", "attachment; filename=\"export.ndjson\""}},
                .body = lines};
    }

    KibanaState& state_;
    Objects& objects_;
    const RequestTarget& target_;
    const HttpRequest& request_;
};

}  // namespace

ServedAnswer kibana_error(int status, const std::string& message) {
    const std::map<int, std::string_view> names{{400, "Bad Request"},
                                                {401, "Unauthorized"},
                                                {404, "Not Found"},
                                                {409, "Conflict"},
                                                {503, "Service Unavailable"}};
    const auto name = names.find(status);
    return json_answer(format_document([&](Json& json) {
                           json.begin_object()
                               .integer("statusCode", status)
                               .text("error", name == names.end() ? "Error" : name->second)
                               .text("message", message)
                               .end_object();
                       }),
                       status);
}

std::optional<ServedAnswer> answer_saved_objects(KibanaState& state,
                                                 const std::string& space,
                                                 const std::vector<std::string>& path,
                                                 const RequestTarget& target,
                                                 const HttpRequest& request) {
    return ObjectApi(state, space, target, request).answer(path);
}

std::optional<std::string> read_form_file(const HttpRequest& request) {
    const std::string_view type = find_header(request.headers, "Content-Type");
    constexpr std::string_view name = "boundary=";
    const std::size_t at = type.find(name);
    if (!type.starts_with("multipart/form-data") || at == std::string_view::npos) {
        return std::nullopt;
    }
    std::string boundary = "--" + std::string(type.substr(at + name.size()));
    std::erase(boundary, '"');
    const std::string_view body = request.body;
    for (std::size_t begin = body.find(boundary); begin != std::string_view::npos;) {
        const std::size_t next = body.find(boundary, begin + boundary.size());
        const std::string_view part = body.substr(
            begin + boundary.size(),
            (next == std::string_view::npos ? body.size() : next) - begin - boundary.size());
        const std::size_t head_end = part.find("\r\n\r\n");
        if (head_end != std::string_view::npos) {
            const std::string_view head = part.substr(0, head_end);
            if (head.find("name=\"file\"") != std::string_view::npos &&
                head.find("filename=") != std::string_view::npos) {
                std::string_view file = part.substr(head_end + 4);
                if (file.ends_with("\r\n")) {
                    file.remove_suffix(2);
                }
                return std::string(file);
            }
        }
        begin = next;
    }
    return std::nullopt;
}

ServedAnswer answer_data_views(KibanaState& state,
                               const std::string& space,
                               const std::vector<std::string>& path,
                               const std::string& member,
                               const HttpRequest& request) {
    Objects& objects = state.spaces[space];
    rapidjson::Document body;
    body.Parse(request.body.c_str());
    const auto show = [&](const SavedObjectKey& key) {
        return json_answer(format_document([&](Json& json) {
            rapidjson::Document attributes;
            attributes.Parse(objects.at(key).attributes.c_str());
            json.begin_object().begin_object(member).text("id", key.second);
            for (const auto& attribute : attributes.GetObject()) {
                json.raw(attribute.name.GetString(), format_value(attribute.value));
            }
            json.end_object().end_object();
        }));
    };
    if (path.size() == 1 && path[0] == "default") {
        if (request.method == HttpMethod::get) {
            const auto found = state.default_index.find(space);
            return json_answer(format_document([&](Json& json) {
                json.begin_object()
                    .text(member + "_id", found == state.default_index.end() ? "" : found->second)
                    .end_object();
            }));
        }
        const bool is_forced = body.IsObject() && body.HasMember("force") && body["force"].IsTrue();
        if (!state.default_index.contains(space) || is_forced) {
            state.default_index[space] = member_text(body, (member + "_id").c_str());
        }
        return json_answer(R"({"acknowledged":true})");
    }
    if (path.size() == 2 && path[0] == member) {
        const SavedObjectKey key{"index-pattern", path[1]};
        return objects.contains(key) ? show(key) : not_found(key);
    }
    if (path.size() != 1 || path[0] != member || request.method != HttpMethod::post) {
        return kibana_error(404, "Not Found");
    }
    if (!body.IsObject() || !body.HasMember(member.c_str()) ||
        member_text(body[member.c_str()], "title").empty()) {
        return kibana_error(400,
                            fmt::format("[request body.{}.title]: expected value of type "
                                        "[string] but got [undefined]",
                                        member));
    }
    const rapidjson::Value& view = body[member.c_str()];
    std::string id = member_text(view, "id");
    if (id.empty()) {
        id = fmt::format("00000000-0000-4000-a000-{:012}", ++state.made);
    }
    const SavedObjectKey key{"index-pattern", id};
    const bool overrides = body.HasMember("override") && body["override"].IsTrue();
    if (objects.contains(key) && !overrides) {
        return kibana_error(400, fmt::format("Duplicate data view: {}", id));
    }
    rapidjson::Document attributes;
    attributes.CopyFrom(view, attributes.GetAllocator());
    attributes.RemoveMember("id");
    objects[key] = {.attributes = format_value(attributes), .updated_ms = state.now_ms};
    return show(key);
}

}  // namespace caretaker::sandbox

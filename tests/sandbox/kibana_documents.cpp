// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/kibana_documents.hpp"

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/faulty_http.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <vector>

namespace caretaker::sandbox {

namespace {

std::string text_of(const rapidjson::Value& object, const char* name) {
    return object.IsObject() && object.HasMember(name) && object[name].IsString()
               ? object[name].GetString()
               : "";
}

void write_document(Json& json,
                    const std::string& index,
                    const KibanaDocumentKey& key,
                    const KibanaDocument* document) {
    json.text("_index", index).text("_type", key.first).text("_id", key.second);
    json.flag("found", document != nullptr);
    if (document != nullptr) {
        json.integer("_version", document->version).raw("_source", document->source);
    }
}

}  // namespace

KibanaDocuments::KibanaDocuments(KibanaDocumentsState state) : state_(std::move(state)) {
    server_.answer_by([this](const HttpRequest& request) { return answer(request); });
}

ServedAnswer KibanaDocuments::answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    const RequestTarget target = parse_request_target(request.url);
    const std::vector<std::string>& path = target.segments;
    if (path.empty()) {
        return answer_root();
    }
    if (path.size() == 2 && path[1] == "_mget") {
        return get_many(path[0], request.body);
    }
    if (path.size() == 2 && path[1] == "_field_caps") {
        return answer_fields(path[0], std::string(target.parameter("fields")), true);
    }
    if (path.size() == 4 && path[1] == "_mapping" && path[2] == "field") {
        return answer_fields(path[0], path[3], false);
    }
    if (path.size() == 4 && path[3] == "_update") {
        return update(path[0], {path[1], path[2]}, request);
    }
    if (path.size() != 3) {
        return json_answer(R"({"error":"no such call","status":400})", 400);
    }
    const KibanaDocumentKey key{path[1], path[2]};
    if (request.method != HttpMethod::get) {
        return write(path[0], key, request);
    }
    const auto& documents = state_.indices[path[0]];
    const auto found = documents.find(key);
    const KibanaDocument* document = found == documents.end() ? nullptr : &found->second;
    return json_answer(format_document([&](Json& json) {
                           json.begin_object();
                           write_document(json, path[0], key, document);
                           json.end_object();
                       }),
                       document == nullptr ? 404 : 200);
}

ServedAnswer KibanaDocuments::answer_root() const {
    return json_answer(
        fmt::format(R"({{"name":"n1","cluster_name":"logs","version":{{"number":"{}"}},)"
                    R"("tagline":"You Know, for Search"}})",
                    state_.number));
}

ServedAnswer KibanaDocuments::answer_fields(const std::string& pattern,
                                            const std::string& field,
                                            bool is_caps) const {
    const auto found = state_.fields.find(pattern);
    if (!is_caps) {
        const bool is_there = found != state_.fields.end() && found->second.contains(field);
        return is_there ? json_answer(fmt::format(R"({{"{}":{{"mappings":{{}}}}}})", pattern))
                        : json_answer("{}", found == state_.fields.end() ? 404 : 200);
    }
    return json_answer(format_document([&](Json& json) {
        json.begin_object().begin_object("fields");
        if (found != state_.fields.end()) {
            for (const std::string& name : found->second) {
                if (field == "*" || field == name) {
                    const char* const type = name.starts_with('@') ? "date" : "keyword";
                    json.begin_object(name).begin_object(type).text("type", type);
                    json.end_object().end_object();
                }
            }
        }
        json.end_object().end_object();
    }));
}

ServedAnswer KibanaDocuments::get_many(const std::string& index, const std::string& body) const {
    rapidjson::Document asked;
    asked.Parse(body.c_str());
    const auto documents = state_.indices.find(index);
    return json_answer(format_document([&](Json& json) {
        json.begin_object().begin_array("docs");
        for (const auto& entry : asked["docs"].GetArray()) {
            const KibanaDocumentKey key{text_of(entry, "_type"), text_of(entry, "_id")};
            json.begin_object();
            if (documents == state_.indices.end()) {
                json.text("_index", index).text("_type", key.first).text("_id", key.second);
                json.begin_object("error").text("type", "index_not_found_exception").end_object();
            } else {
                const auto found = documents->second.find(key);
                write_document(
                    json, index, key, found == documents->second.end() ? nullptr : &found->second);
            }
            json.end_object();
        }
        json.end_array().end_object();
    }));
}

ServedAnswer KibanaDocuments::write(const std::string& index,
                                    const KibanaDocumentKey& key,
                                    const HttpRequest& request) {
    const RequestTarget target = parse_request_target(request.url);
    auto& documents = state_.indices[index];
    const auto found = documents.find(key);
    const bool is_creation = target.parameter("op_type") == "create";
    const std::string_view version = target.parameter("version");
    const bool is_there = found != documents.end();
    if ((is_creation && is_there) ||
        (!version.empty() && (!is_there || std::to_string(found->second.version) != version))) {
        return json_answer(R"({"error":{"type":"version_conflict_engine_exception"},"status":409})",
                           409);
    }
    ++state_.writes;
    const std::int64_t next = is_there ? found->second.version + 1 : 1;
    documents[key] = {.source = request.body, .version = next};
    return json_answer(fmt::format(R"({{"_version":{},"created":{}}})", next, !is_there),
                       is_there ? 200 : 201);
}

/// Only of members that are texts.
ServedAnswer KibanaDocuments::update(const std::string& index,
                                     const KibanaDocumentKey& key,
                                     const HttpRequest& request) {
    auto& documents = state_.indices[index];
    const auto found = documents.find(key);
    if (found == documents.end()) {
        return json_answer(R"({"error":{"type":"document_missing_exception"},"status":404})", 404);
    }
    rapidjson::Document source;
    source.Parse(found->second.source.c_str());
    rapidjson::Document change;
    change.Parse(request.body.c_str());
    for (const auto& member : change["doc"].GetObject()) {
        rapidjson::Value name(member.name, source.GetAllocator());
        rapidjson::Value value(member.value, source.GetAllocator());
        source.RemoveMember(member.name);
        source.AddMember(name, value, source.GetAllocator());
    }
    ++state_.writes;
    found->second = {.source = format_value(source), .version = found->second.version + 1};
    return json_answer(R"({"result":"updated"})");
}

}  // namespace caretaker::sandbox

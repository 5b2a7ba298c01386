// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/marathon_request.hpp"

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace caretaker::sandbox {

namespace {

using Value = rapidjson::Value;

/// Whole numbers without a point, so that 1 and 1.0 are no difference.
std::string format_field(const Value& value) {
    if (value.IsDouble() && value.GetDouble() == std::floor(value.GetDouble()) &&
        std::abs(value.GetDouble()) < 1e15) {
        return std::to_string(static_cast<std::int64_t>(value.GetDouble()));
    }
    return format_value(value);
}

rapidjson::Document parse_body(const std::string& body) {
    rapidjson::Document document;
    document.Parse(body.c_str());
    if (document.HasParseError()) {
        throw MarathonRefusal{
            400,
            R"({"message":"Invalid JSON","details":"Unexpected character at the body's )" +
                std::to_string(document.GetErrorOffset()) + R"(. byte"})"};
    }
    return document;
}

MarathonRefusal wrong_type(std::string_view path, std::string_view expected) {
    return {400,
            fmt::format(R"({{"message":"Invalid JSON","details":[{{"path":"{}","errors":)"
                        R"(["error.expected.{}"]}}]}})",
                        path,
                        expected)};
}

/// Members of answers that a definition may not have.
constexpr std::array<std::string_view, 9> read_only{"tasks",
                                                    "tasksStaged",
                                                    "tasksRunning",
                                                    "tasksHealthy",
                                                    "tasksUnhealthy",
                                                    "deployments",
                                                    "versionInfo",
                                                    "lastTaskFailure",
                                                    "taskStats"};

void check_member(std::string_view name, const Value& value) {
    constexpr std::array<std::string_view, 5> numbers{"cpus", "mem", "disk", "gpus", "instances"};
    constexpr std::array<std::string_view, 5> lists{
        "constraints", "dependencies", "fetch", "healthChecks", "portDefinitions"};
    constexpr std::array<std::string_view, 3> objects{"env", "labels", "upgradeStrategy"};
    const std::string path = fmt::format("/{}", name);
    if (std::ranges::find(read_only, name) != read_only.end()) {
        throw MarathonRefusal{422, invalid_body(path, "is not allowed")};
    }
    if (std::ranges::find(numbers, name) != numbers.end() && !value.IsNumber()) {
        throw wrong_type(path, "jsnumber");
    }
    if (std::ranges::find(lists, name) != lists.end() && !value.IsArray()) {
        throw wrong_type(path, "jsarray");
    }
    if (std::ranges::find(objects, name) != objects.end() && !value.IsObject()) {
        throw wrong_type(path, "jsobject");
    }
}

AppBody read_app(const Value& value) {
    if (!value.IsObject()) {
        throw wrong_type("", "jsobject");
    }
    AppBody body;
    for (const auto& member : value.GetObject()) {
        const std::string name = member.name.GetString();
        if (name == "id" || name == "version") {
            if (!member.value.IsString()) {
                throw wrong_type("/" + name, "jsstring");
            }
            (name == "id" ? body.id : body.version) = member.value.GetString();
            continue;
        }
        check_member(name, member.value);
        body.fields[name] = format_field(member.value);
    }
    if (!body.id.empty() && body.id.front() != '/') {
        body.id.insert(body.id.begin(), '/');
    }
    return body;
}

bool is_valid_id(std::string_view id) {
    const auto is_valid_segment = [](std::string_view segment) {
        const auto is_letter = [](char letter) {
            return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        };
        return is_letter(segment.front()) && is_letter(segment.back()) &&
               std::ranges::all_of(segment, [&](char letter) {
                   return is_letter(letter) || letter == '-' || letter == '.';
               });
    };
    const auto segments = split_text(id, '/');
    return !segments.empty() && std::ranges::all_of(segments, is_valid_segment);
}

AppBody checked(AppBody body) {
    if (!body.id.empty() && !is_valid_id(body.id)) {
        throw MarathonRefusal{422,
                              invalid_body("/id",
                                           "must fully match regular expression "
                                           "'^(([a-z0-9]|[a-z0-9][a-z0-9\\\\-]*[a-z0-9])\\\\.)*"
                                           "([a-z0-9]|[a-z0-9][a-z0-9\\\\-]*[a-z0-9])|(\\\\.|"
                                           "\\\\.\\\\.)$'")};
    }
    return body;
}

}  // namespace

std::string message_body(std::string_view message) {
    return format_document(
        [&](Json& json) { json.begin_object().text("message", message).end_object(); });
}

std::string invalid_body(std::string_view path, std::string_view error) {
    return format_document([&](Json& json) {
        json.begin_object()
            .text("message", "Object is not valid")
            .begin_array("details")
            .begin_object()
            .text("path", path)
            .begin_array("errors")
            .text(error)
            .end_array()
            .end_object()
            .end_array()
            .end_object();
    });
}

MarathonRefusal locked_refusal(const std::vector<std::string>& deployments) {
    return {409, format_document([&](Json& json) {
                json.begin_object().text(
                    "message",
                    fmt::format("App is locked by one or more deployments. Override with the "
                                "option '?force=true'. View details at '/v2/deployments/{}'.",
                                deployments.front()));
                json.begin_array("deployments");
                for (const std::string& id : deployments) {
                    json.begin_object().text("id", id).end_object();
                }
                json.end_array().end_object();
            })};
}

AppBody read_app_body(const std::string& body) {
    return checked(read_app(parse_body(body)));
}

std::vector<AppBody> read_app_list(const std::string& body) {
    const rapidjson::Document document = parse_body(body);
    if (!document.IsArray()) {
        throw wrong_type("", "jsarray");
    }
    std::vector<AppBody> list;
    for (const auto& value : document.GetArray()) {
        list.push_back(checked(read_app(value)));
        if (list.back().id.empty()) {
            throw MarathonRefusal{422, invalid_body("/id", "must not be empty")};
        }
    }
    return list;
}

std::vector<std::string> read_ids(const std::string& body) {
    const rapidjson::Document document = parse_body(body);
    std::vector<std::string> ids;
    if (!document.IsObject() || !document.HasMember("ids") || !document["ids"].IsArray()) {
        throw wrong_type("/ids", "jsarray");
    }
    for (const auto& id : document["ids"].GetArray()) {
        if (!id.IsString()) {
            throw wrong_type("/ids", "jsstring");
        }
        ids.emplace_back(id.GetString());
    }
    return ids;
}

void merge_fields(AppFields& fields, const AppFields& changed) {
    for (const auto& [name, value] : changed) {
        fields[name] = value;
    }
}

void check_definition(const AppFields& fields) {
    for (const char* const name : {"instances", "cpus", "mem", "disk", "gpus"}) {
        if (milli_field(fields, name) < 0) {
            throw MarathonRefusal{
                422, invalid_body(fmt::format("/{}", name), "must be greater than or equal to 0")};
        }
    }
    const auto has = [&](const char* const name) {
        const auto found = fields.find(name);
        return found != fields.end() && found->second != "null" && found->second != "[]" &&
               found->second != "\"\"";
    };
    if (!has("cmd") && !has("args") && !has("container")) {
        throw MarathonRefusal{
            422,
            invalid_body("",
                         "AppDefinition must either contain one of 'cmd' or 'args', and/or a "
                         "'container'.")};
    }
    if (has("uris") && has("fetch")) {
        throw MarathonRefusal{422, invalid_body("/uris", "cannot be set together with fetch")};
    }
}

}  // namespace caretaker::sandbox

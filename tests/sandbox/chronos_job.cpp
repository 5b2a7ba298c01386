// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/chronos_job.hpp"

#include "tests/sandbox/platform_state.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <array>
#include <cstdlib>
#include <regex>
#include <set>
#include <utility>

namespace caretaker::sandbox {

namespace {

using Value = rapidjson::Value;

/// In the order in which the server writes them.
constexpr std::array<std::string_view, 34> order{"name",
                                                 "command",
                                                 "shell",
                                                 "epsilon",
                                                 "executor",
                                                 "executorFlags",
                                                 "taskInfoData",
                                                 "retries",
                                                 "owner",
                                                 "ownerName",
                                                 "description",
                                                 "async",
                                                 "successCount",
                                                 "errorCount",
                                                 "lastSuccess",
                                                 "lastError",
                                                 "cpus",
                                                 "disk",
                                                 "mem",
                                                 "disabled",
                                                 "softError",
                                                 "dataProcessingJobType",
                                                 "errorsSinceLastSuccess",
                                                 "fetch",
                                                 "uris",
                                                 "environmentVariables",
                                                 "arguments",
                                                 "highPriority",
                                                 "runAsUser",
                                                 "concurrent",
                                                 "container",
                                                 "constraints",
                                                 "schedule",
                                                 "scheduleTimeZone"};

const std::set<std::string_view>& text_fields() {
    static const std::set<std::string_view> names{"command",
                                                  "executor",
                                                  "executorFlags",
                                                  "taskInfoData",
                                                  "owner",
                                                  "ownerName",
                                                  "description",
                                                  "lastSuccess",
                                                  "lastError",
                                                  "runAsUser",
                                                  "epsilon",
                                                  "schedule",
                                                  "scheduleTimeZone"};
    return names;
}

bool is_valid_name(const std::string& name, const ChronosVersion& version) {
    static const std::regex before_2_5(R"([\w\s#_-]+)");
    static const std::regex of_2_5(R"([\w\s\.#_-]+)");
    static const std::regex since_3(R"([\w\.-]+)");
    return std::regex_match(name,
                            version.since(3)      ? since_3
                            : version.since(2, 5) ? of_2_5
                                                  : before_2_5);
}

/// "0.5" is taken as 0.5; 0 and nothing as the server's own amount.
std::string read_amount(const Value& value, const std::string& otherwise) {
    const double number = value.IsNumber()   ? value.GetDouble()
                          : value.IsString() ? std::strtod(value.GetString(), nullptr)
                                             : 0;
    return number > 0 ? format_document([&](Json& json) { json.number(number); }) : otherwise;
}

std::string read_container(const Value& value, const ChronosVersion& version) {
    rapidjson::Document container;
    container.CopyFrom(value, container.GetAllocator());
    if (version.since(3)) {
        if (!container.HasMember("image")) {
            return {};
        }
        container.RemoveMember("type");
        container.AddMember("type", "DOCKER", container.GetAllocator());
    } else {
        container.RemoveMember("type");
        container.AddMember("type", "docker", container.GetAllocator());
    }
    return format_value(container);
}

bool has_elements(const ChronosFields& fields, const char* name) {
    const auto found = fields.find(name);
    return found != fields.end() && found->second != "[]";
}

void read_member(FakeChronosJob& job,
                 const std::string& name,
                 const Value& value,
                 const ChronosVersion& version) {
    const auto known = job.fields.find(name);
    if (name == "container" && value.IsObject()) {
        if (std::string container = read_container(value, version); !container.empty()) {
            job.fields[name] = std::move(container);
        }
    } else if (name == "parents" && value.IsArray()) {
        for (const auto& parent : value.GetArray()) {
            job.parents.emplace_back(parent.IsString() ? parent.GetString() : "");
        }
    } else if (name == "cpus" || name == "mem" || name == "disk") {
        job.fields[name] = read_amount(value, known->second);
    } else if (name == "schedule" || name == "scheduleTimeZone" || name == "constraints" ||
               known != job.fields.end()) {
        job.fields[name] =
            text_fields().contains(name) && value.IsNull() ? R"("null")" : format_value(value);
    }
}

}  // namespace

bool is_schedule(std::string_view text) {
    static const std::regex form(R"((R[0-9]*)/(.*)/(P.*))");
    return std::regex_match(text.begin(), text.end(), form);
}

ChronosFields default_chronos_fields(const ChronosVersion& version) {
    ChronosFields fields{{"shell", "true"},
                         {"executor", R"("")"},
                         {"executorFlags", R"("")"},
                         {"retries", "2"},
                         {"owner", R"("")"},
                         {"ownerName", R"("")"},
                         {"description", R"("")"},
                         {"successCount", "0"},
                         {"errorCount", "0"},
                         {"lastSuccess", R"("")"},
                         {"lastError", R"("")"},
                         {"command", R"("")"},
                         {"cpus", "0.1"},
                         {"disk", "256.0"},
                         {"mem", "128.0"},
                         {"disabled", "false"},
                         {"softError", "false"},
                         {"dataProcessingJobType", "false"},
                         {"errorsSinceLastSuccess", "0"},
                         {"uris", "[]"},
                         {"environmentVariables", "[]"},
                         {"arguments", "[]"},
                         {"highPriority", "false"},
                         {"runAsUser", R"("root")"},
                         {"constraints", "[]"}};
    if (version.since(2, 5)) {
        fields["fetch"] = "[]";
        fields["taskInfoData"] = R"("")";
    }
    if (version.since(3)) {
        fields["concurrent"] = "false";
    } else {
        fields["epsilon"] = R"("PT60S")";
        fields["async"] = "false";
    }
    return fields;
}

std::string read_job_name(const std::string& body) {
    rapidjson::Document document;
    document.Parse(body.c_str());
    if (!document.IsObject() || !document.HasMember("name")) {
        return {};
    }
    const Value& name = document["name"];
    return name.IsString() ? name.GetString() : name.IsNumber() ? format_value(name) : "";
}

FakeChronosJob read_chronos_job(const std::string& body,
                                const ChronosState& state,
                                bool is_dependency) {
    const std::string name = read_job_name(body);
    if (name.empty()) {  // what does not become a job is a server's error
        throw ChronosRefusal{500, "<html><body><h2>HTTP ERROR 500</h2></body></html>"};
    }
    const bool is_there = state.jobs.contains(name);
    if (!is_there && !is_valid_name(name, state.version)) {
        throw ChronosRefusal{400, fmt::format("the job's name is invalid: {}", name)};
    }
    rapidjson::Document document;
    document.Parse(body.c_str());
    FakeChronosJob job{.fields = default_chronos_fields(state.version), .stored_ms = state.now_ms};
    for (const auto& member : document.GetObject()) {
        read_member(job, member.name.GetString(), member.value, state.version);
    }
    job.fields["name"] = format_document([&](Json& json) { json.text(name); });
    if (!is_there && has_elements(job.fields, "uris") && has_elements(job.fields, "fetch")) {
        throw ChronosRefusal{400, "uris and fetch cannot both be set"};
    }
    if (is_dependency && job.parents.empty()) {
        throw ChronosRefusal{is_there ? 400 : 500, "a dependent job needs parents"};
    }
    if (!job.parents.empty()) {  // parents win
        job.fields.erase("schedule");
        job.fields.erase("scheduleTimeZone");
        return job;
    }
    const auto schedule = job.fields.find("schedule");
    if (schedule == job.fields.end()) {
        job.fields["schedule"] = state.version.since(3)
                                     ? fmt::format(R"("R1/{}/PT24H")", format_millis(state.now_ms))
                                     : R"("R1//PT24H")";
    } else {
        std::string text = schedule->second;
        std::erase(text, '"');
        if (!is_schedule(text)) {
            throw ChronosRefusal{400,
                                 state.version.since(3)
                                     ? fmt::format("Cannot parse schedule '{}' (wtf bro)", text)
                                     : std::string()};
        }
    }
    job.fields.try_emplace("scheduleTimeZone", R"("")");
    return job;
}

namespace {

/// What the other form says: [{uri, …}] of ["uri"] and back.
std::string mirror(const std::string& list, bool to_fetch, const ChronosVersion& version) {
    rapidjson::Document document;
    document.Parse(list.c_str());
    if (!document.IsArray()) {
        return list;
    }
    return format_document([&](Json& json) {
        json.begin_array();
        for (const auto& entry : document.GetArray()) {
            if (to_fetch && entry.IsString()) {
                json.begin_object()
                    .text("uri", entry.GetString())
                    .flag("executable", false)
                    .flag("cache", false)
                    .flag("extract", version.since(3, 0, 1))
                    .end_object();
            } else if (!to_fetch && entry.IsObject() && entry.HasMember("uri")) {
                json.text(entry["uri"].GetString());
            }
        }
        json.end_array();
    });
}

}  // namespace

void write_chronos_job(Json& json, const FakeChronosJob& job, const ChronosVersion& version) {
    ChronosFields shown = job.fields;
    if (version.since(2, 5)) {
        if (!has_elements(shown, "fetch") && has_elements(shown, "uris")) {
            shown["fetch"] = mirror(shown["uris"], true, version);
        } else if (!has_elements(shown, "uris") && has_elements(shown, "fetch")) {
            shown["uris"] = mirror(shown["fetch"], false, version);
        }
    }
    json.begin_object();
    for (const std::string_view name : order) {
        if (const auto found = shown.find(std::string(name)); found != shown.end()) {
            json.raw(name, found->second);
        }
    }
    if (!job.parents.empty()) {
        json.begin_array("parents");
        for (const std::string& parent : job.parents) {
            json.text(parent);
        }
        json.end_array();
    }
    json.end_object();
}

}  // namespace caretaker::sandbox

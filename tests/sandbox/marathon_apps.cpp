// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/marathon_apps.hpp"

#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace caretaker::sandbox {

namespace {

constexpr std::int64_t unit = 1'000;

/// How many host ports an instance takes.
std::size_t count_ports(const AppFields& fields) {
    std::size_t count = 0;
    for (const char* const name : {"portDefinitions", "container"}) {
        const auto found = fields.find(name);
        if (found == fields.end()) {
            continue;
        }
        rapidjson::Document document;
        document.Parse(found->second.c_str());
        if (document.IsArray()) {
            count += document.Size();
        } else if (document.IsObject() && document.HasMember("portMappings") &&
                   document["portMappings"].IsArray()) {
            count += document["portMappings"].Size();
        }
    }
    return count;
}

rapidjson::Document parse_definitions(const AppFields& fields) {
    rapidjson::Document list;
    const auto found = fields.find("portDefinitions");
    list.Parse(found == fields.end() ? "[]" : found->second.c_str());
    if (!list.IsArray()) {
        list.SetArray();
    }
    return list;
}

std::set<std::int64_t> service_ports_of_all(const PlatformState& state) {
    std::set<std::int64_t> ports;
    for (const auto& [id, app] : state.marathon.apps) {
        const rapidjson::Document list = parse_definitions(app.fields);
        for (const auto& definition : list.GetArray()) {
            ports.insert(definition["port"].GetInt64());
        }
    }
    return ports;
}

}  // namespace

std::int64_t taken_service_port(const PlatformState& state, const AppFields& fields) {
    const auto taken = service_ports_of_all(state);
    const rapidjson::Document list = parse_definitions(fields);
    for (const auto& definition : list.GetArray()) {
        const std::int64_t port = definition["port"].GetInt64();
        if (port != 0 && taken.contains(port)) {
            return port;
        }
    }
    return 0;
}

void choose_service_ports(const PlatformState& state, AppFields& fields) {
    auto taken = service_ports_of_all(state);
    rapidjson::Document list = parse_definitions(fields);
    std::int64_t next = 10'000;
    for (auto& definition : list.GetArray()) {
        if (definition["port"].GetInt64() == 0) {
            while (!taken.insert(next).second) {
                ++next;
            }
            definition["port"].SetInt64(next);
        }
    }
    rapidjson::StringBuffer text;
    rapidjson::Writer<rapidjson::StringBuffer> writer(text);
    list.Accept(writer);
    fields["portDefinitions"] = text.GetString();
}

AppFields default_app_fields() {
    return {{"acceptedResourceRoles", R"(["*"])"},
            {"args", "null"},
            {"backoffFactor", "1.15"},
            {"backoffSeconds", "1"},
            {"cmd", "null"},
            {"constraints", "[]"},
            {"container", "null"},
            {"cpus", "1"},
            {"dependencies", "[]"},
            {"disk", "0"},
            {"env", "{}"},
            {"executor", R"("")"},
            {"fetch", "[]"},
            {"gpus", "0"},
            {"healthChecks", "[]"},
            {"instances", "1"},
            {"killSelection", R"("YOUNGEST_FIRST")"},
            {"labels", "{}"},
            {"maxLaunchDelaySeconds", "300"},
            {"mem", "128"},
            {"networks", R"([{"mode":"host"}])"},
            {"portDefinitions", "[]"},
            {"readinessChecks", "[]"},
            {"requirePorts", "false"},
            {"role", R"("*")"},
            {"secrets", "{}"},
            {"unreachableStrategy", R"({"inactiveAfterSeconds":0,"expungeAfterSeconds":0})"},
            {"upgradeStrategy", R"({"minimumHealthCapacity":1,"maximumOverCapacity":1})"},
            {"user", "null"}};
}

DemoApp make_demo_app(std::size_t number, std::uint64_t random) {
    constexpr std::array<std::string_view, 5> groups{
        "/logs", "/web", "/search", "/billing", "/tools"};
    constexpr std::array<std::string_view, 6> kinds{
        "api", "indexer", "worker", "gateway", "exporter", "cache"};
    constexpr std::array<int, 6> cpus{100, 250, 500, 500, 1'000, 2'000};
    constexpr std::array<int, 6> memory{128, 256, 512, 1'024, 2'048, 4'096};
    DemoApp app{.id = fmt::format("{}/{}-{:03}",
                                  groups[number % groups.size()],
                                  kinds[number / groups.size() % kinds.size()],
                                  number),
                .fields = default_app_fields()};
    const int milli = cpus[random % cpus.size()];
    app.fields["cpus"] =
        milli % 1'000 == 0 ? fmt::format("{}", milli / 1'000) : fmt::format("{}", milli / 1'000.0);
    app.fields["mem"] = std::to_string(memory[random / 8 % memory.size()]);
    app.fields["disk"] = random % 3 == 0 ? "64" : "0";
    app.fields["container"] = fmt::format(
        R"({{"type":"DOCKER","docker":{{"forcePullImage":false,"image":"registry.example/{}:{}",)"
        R"("parameters":[],"privileged":false}},"volumes":[],"portMappings":[{{"containerPort":8080,)"
        R"("hostPort":0,"labels":{{}},"name":"http","protocol":"tcp","servicePort":{}}}]}})",
        kinds[number / groups.size() % kinds.size()],
        1 + random % 40,
        10'000 + number);
    app.fields["networks"] = R"([{"mode":"container/bridge"}])";
    app.fields["env"] = R"({"LOG_LEVEL":"info"})";
    app.fields["labels"] = fmt::format(R"({{"team":"team-{}"}})", number % 7);
    app.fields["healthChecks"] =
        R"([{"gracePeriodSeconds":300,"ignoreHttp1xx":false,"intervalSeconds":20,)"
        R"("maxConsecutiveFailures":3,"path":"/health","portIndex":0,"protocol":"MESOS_HTTP",)"
        R"("timeoutSeconds":20,"delaySeconds":15,"ipProtocol":"IPv4"}])";
    switch (number % 8) {
        case 1:
            app.fields["constraints"] = R"([["hostname","UNIQUE"]])";
            app.is_unique_per_host = true;
            break;
        case 3:
            app.fields["constraints"] = R"([["kind","LIKE","bare"]])";
            break;
        case 5:
            app.fields["constraints"] = R"([["rack","GROUP_BY"]])";
            break;
        case 6:
            app.fields["constraints"] = R"([["hostname","MAX_PER","3"],["kind","UNLIKE","gpu"]])";
            break;
        default:
            break;
    }
    return app;
}

std::int64_t milli_field(const AppFields& fields, const std::string& name) {
    const auto found = fields.find(name);
    if (found == fields.end()) {
        return 0;
    }
    rapidjson::Document document;
    document.Parse(found->second.c_str());
    return document.IsNumber() ? std::llround(document.GetDouble() * unit) : 0;
}

std::size_t instances_of(const AppFields& fields) {
    return static_cast<std::size_t>(
        std::max<std::int64_t>(0, milli_field(fields, "instances") / unit));
}

PlacementNeeds needs_of(const AppFields& fields) {
    const auto constraints = fields.find("constraints");
    return {.amounts = {.cpus = milli_field(fields, "cpus"),
                        .mem = milli_field(fields, "mem"),
                        .disk = milli_field(fields, "disk"),
                        .gpus = milli_field(fields, "gpus")},
            .ports = count_ports(fields),
            .constraints = constraints == fields.end() ? std::vector<FakeConstraint>()
                                                       : parse_constraints(constraints->second)};
}

FakeTask make_app_task(const PlatformState& state,
                       const std::string& app,
                       const AppFields& fields,
                       std::size_t agent,
                       const std::string& uuid) {
    const PlacementNeeds needs = needs_of(fields);
    const std::string prefix = task_prefix(app);
    std::string name;
    for (const std::string_view segment : split_text(app, '/')) {  // the last one comes first
        name = name.empty() ? std::string(segment) : fmt::format("{}.{}", segment, name);
    }
    return {.id = fmt::format("{}.instance-{}._app.1", prefix, uuid),
            .name = name,
            .framework = state.marathon.framework,
            .agent = agent,
            .amounts = needs.amounts,
            .ports = take_free_ports(state, state.agents[agent], needs.ports),
            .app = app};
}

std::string task_prefix(std::string_view app) {
    std::string prefix(app.substr(std::min<std::size_t>(1, app.size())));
    std::ranges::replace(prefix, '/', '_');
    return prefix;
}

}  // namespace caretaker::sandbox

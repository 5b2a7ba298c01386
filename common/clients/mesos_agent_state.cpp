// SPDX-License-Identifier: Apache-2.0
#include "common/clients/mesos_agent_state.hpp"

#include "common/base/error.hpp"
#include "common/http/http_status.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/json/json_view.hpp"

#include <fmt/format.h>

#include <array>

namespace caretaker {

namespace {

constexpr int not_found = 404;
constexpr std::array<std::string_view, 4> state_paths{
    "/state", "/state.json", "/slave(1)/state", "/slave(1)/state.json"};

/// An answer that is none is as good as no answer: nothing may follow from it.
template <typename Read>
void read_answer(const HttpResponse& response, const Read& read) {
    const std::string what = fmt::format("mesos agent: GET {}", response.url);
    try {
        read(JsonDocument::parse(response.body, what).root());
    } catch (const JsonError& error) {
        throw RemoteError(RemoteFailure::unreachable, error.code(), error.what());
    }
}

/// Only a refusal is told apart: any other status but 200 leaves as little known as silence does.
RemoteError describe_refusal(const HttpRequest& request, const HttpResponse& response) {
    const RemoteError error = describe_status("mesos agent", request, response);
    return error.failure() == RemoteFailure::denied
               ? error
               : RemoteError(RemoteFailure::unreachable, error.code(), error.what());
}

}  // namespace

MesosAgentState parse_agent_state(JsonView state) {
    MesosAgentState result{.id = std::string(state.at("id").text()),
                           .work_dir = std::string(state.at("flags").at("work_dir").text())};
    for (const JsonView& framework : state.at("frameworks").elements()) {
        const std::string framework_id(framework.at("id").text());
        for (const JsonView& executor : framework.at("executors").elements()) {
            result.executors.push_back({.framework = framework_id,
                                        .id = std::string(executor.at("id").text()),
                                        .container = std::string(executor.at("container").text()),
                                        .directory = std::string(executor.at("directory").text())});
            result.containers.insert(result.executors.back().container);
        }
    }
    return result;
}

void add_agent_containers(JsonView containers, MesosAgentState& state) {
    for (const JsonView& container : containers.elements()) {
        state.containers.emplace(container.at("container_id").text());
    }
}

MesosAgentState MesosAgentClient::fetch_state() {
    MesosAgentState state;
    HttpRequest request;
    HttpResponse response;
    for (const std::string_view path : state_paths) {
        request.url = path;
        response = http_.send(request);
        if (response.status != not_found) {
            break;
        }
    }
    if (!response.ok()) {
        throw describe_refusal(request, response);
    }
    read_answer(response, [&](JsonView root) { state = parse_agent_state(root); });
    request.url = "/containers";
    response = http_.send(request);
    if (response.status == not_found) {
        return state;
    }
    if (!response.ok()) {
        throw describe_refusal(request, response);
    }
    read_answer(response, [&](JsonView root) { add_agent_containers(root, state); });
    return state;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_mesos.hpp"

#include "common/base/error.hpp"
#include "tests/sandbox/mesos_agent_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace caretaker::sandbox {

FakeMesos::FakeMesos(FakePlatform& platform, FakeMesosOptions options)
    : platform_(platform),
      options_(std::move(options)),
      http_([this](std::string_view event) { happen(event); }),
      scheduler_(platform, options_.scheduler) {
    for (std::size_t i = 0; i < options_.masters; ++i) {
        masters_.push_back(std::make_unique<FakeServer>());
        addresses_.push_back(fmt::format("127.0.0.1:{}", masters_.back()->port()));
    }
    platform_.change([&](PlatformState& state) {
        for (std::size_t i = 0; i < std::min(options_.served_agents, state.agents.size()); ++i) {
            FakeAgent& agent = state.agents[i];
            if (agent.hostname != agent.ip) {  // a name that leads to 127.0.0.1
                for (FakeWindow& window : state.mesos.windows) {
                    for (FakeMachine& machine : window.machines) {
                        if (machine.hostname == agent.hostname && machine.ip == agent.ip) {
                            machine.ip = "127.0.0.1";
                        }
                    }
                }
                agent.ip = "127.0.0.1";
            }
            agents_.push_back(std::make_unique<FakeServer>(std::uint16_t{0}, agent.ip));
            agent.port = agents_.back()->port();
        }
        return 0;
    });
    for (std::size_t i = 0; i < agents_.size(); ++i) {
        agents_[i]->answer_by([this, i](const HttpRequest& request) {
            return agent_http_.answer(request, [&](const HttpRequest& passed) {
                const auto refusal = refuse_login(options_.login, "mesos-agent-readonly", passed);
                return refusal ? *refusal : answer_mesos_agent(platform_.state(), i, passed);
            });
        });
    }
    for (std::size_t i = 0; i < masters_.size(); ++i) {
        masters_[i]->answer_by([this, i](const HttpRequest& request) {
            return http_.answer(request,
                                [&](const HttpRequest& passed) { return serve(i, passed); });
        });
    }
}

std::string FakeMesos::url(std::size_t master) const {
    return masters_.at(master)->url("");
}

std::string FakeMesos::agent_url(std::size_t agent) const {
    return agent < agents_.size() ? agents_[agent]->url("") : std::string();
}

void FakeMesos::set_leader(std::optional<std::size_t> master) {
    platform_.change([&](PlatformState& state) {
        if (master != state.mesos.leader && master) {
            state.mesos.elected_ms = state.now_ms;
        }
        state.mesos.leader = master;
        return 0;
    });
    scheduler_.drop_streams();
}

void FakeMesos::happen(std::string_view event) {
    constexpr std::string_view leader = "leader-";
    if (event == "rescind") {
        scheduler_.rescind_offers();
    } else if (event == "error") {
        scheduler_.fail_streams("Framework failed over");
    } else if (event == "end") {
        scheduler_.drop_streams();
    }
    if (!event.starts_with(leader)) {
        return;
    }
    event.remove_prefix(leader.size());
    std::size_t master = 0;
    const auto [end, error] = std::from_chars(event.data(), event.data() + event.size(), master);
    set_leader(error == std::errc{} && master < masters_.size() ? std::optional(master)
                                                                : std::nullopt);
}

ServedAnswer FakeMesos::serve(std::size_t master, const HttpRequest& request) {
    const MesosScene scene{.state = platform_.state(), .masters = addresses_, .master = master};
    const std::string path = master_path(request.url);
    const bool is_open = path == "/master/health" || path == "/health" || path == "/version" ||
                         path == "/master/version" || path == "/master/redirect";
    if (!is_open) {
        const bool is_write = path == "/master/api/v1" || path == "/master/quota" ||
                              path == "/master/weights" || path == "/master/teardown";
        const std::string_view realm = path == "/master/api/v1/scheduler" ? "mesos-master-scheduler"
                                       : is_write                         ? "mesos-master-readwrite"
                                                                          : "mesos-master-readonly";
        if (auto refusal = refuse_login(options_.login, realm, request)) {
            return *refusal;
        }
    }
    if ((path == "/master/api/v1/scheduler" && scene.version().since(0, 24)) ||
        (path == "/master/teardown" && scene.version().since(0, 23))) {
        return serve_scheduler(scene, request);
    }
    return answer_mesos_master(scene, request);
}

ServedAnswer FakeMesos::serve_scheduler(const MesosScene& scene, const HttpRequest& request) {
    if (!scene.leads() && !scene.version().since(0, 27)) {
        return text_answer(503, "Not the leading master");
    }
    if (auto refusal = refuse_as_follower(scene, request)) {
        return *refusal;
    }
    return master_path(request.url) == "/master/teardown" ? scheduler_.tear_down(request)
                                                          : scheduler_.answer(scene, request);
}

}  // namespace caretaker::sandbox

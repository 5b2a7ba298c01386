// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_marathon.hpp"

#include "tests/sandbox/marathon_api.hpp"
#include "tests/sandbox/marathon_deployments.hpp"
#include "tests/sandbox/marathon_documents.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace caretaker::sandbox {

FakeMarathon::FakeMarathon(FakePlatform& platform, FakeMarathonOptions options)
    : platform_(platform),
      options_(std::move(options)),
      http_([this](std::string_view event) { happen(event); }) {
    for (std::size_t i = 0; i < options_.instances; ++i) {
        servers_.push_back(std::make_unique<FakeServer>());
        addresses_.push_back(fmt::format("127.0.0.1:{}", servers_.back()->port()));
    }
    platform_.change([&](PlatformState& state) {
        state.marathon.version = options_.version;
        if (state.marathon.framework < state.frameworks.size()) {
            state.frameworks[state.marathon.framework].webui_url = url();
        }
        return 0;
    });
    for (std::size_t i = 0; i < servers_.size(); ++i) {
        servers_[i]->answer_by([this, i](const HttpRequest& request) {
            return http_.answer(request,
                                [&](const HttpRequest& passed) { return serve(i, passed); });
        });
    }
}

std::string FakeMarathon::url(std::size_t instance) const {
    return servers_.at(instance)->url("");
}

void FakeMarathon::set_leader(std::optional<std::size_t> instance) {
    platform_.change([&](PlatformState& state) {
        state.marathon.leader = instance;
        return 0;
    });
}

void FakeMarathon::happen(std::string_view event) {
    constexpr std::string_view leader = "leader-";
    constexpr std::string_view gone = "gone:";
    if (event.starts_with(gone)) {
        const std::string app(event.substr(gone.size()));
        platform_.change([&](PlatformState& state) {
            for (const std::string& task : tasks_of(state, app)) {
                state.end_task(task, "TASK_KILLED");
            }
            state.marathon.apps.erase(app);
            state.marathon.queued_since.erase(app);
            return 0;
        });
    } else if (event.starts_with(leader)) {
        event.remove_prefix(leader.size());
        std::size_t instance = 0;
        const auto [end, error] =
            std::from_chars(event.data(), event.data() + event.size(), instance);
        set_leader(error == std::errc{} && instance < servers_.size() ? std::optional(instance)
                                                                      : std::nullopt);
    }
}

/// An HTML page, save before 0.9: there an instance answers as if it led, and knows nothing.
ServedAnswer FakeMarathon::refuse_without_leader(const HttpRequest& request) {
    const MarathonVersion version = marathon_version(*platform_.state());
    if (version < MarathonVersion{0, 9}) {
        FakePlatform empty{PlatformState{}};
        empty.change([&](PlatformState& state) {
            state.marathon.version = options_.version;
            state.marathon.leader = std::nullopt;
            return 0;
        });
        return answer_marathon(empty, addresses_, request);
    }
    const int status = version < MarathonVersion{1, 7} ? 503 : 502;
    return {.status = status,
            .headers = {{"Content-Type", "text/html;charset=iso-8859-1"},
                        {"Cache-Control", "must-revalidate,no-cache,no-store"}},
            .body = fmt::format("<html>\n<head>\n<title>Error {0} Could not determine the current "
                                "leader</title>\n</head>\n<body><h2>HTTP ERROR {0}</h2>\n<p>Reason:"
                                "\n<pre>    Could not determine the current leader</pre></p>"
                                "</body>\n</html>\n",
                                status)};
}

ServedAnswer FakeMarathon::serve(std::size_t instance, const HttpRequest& request) {
    if (auto refusal = refuse_login(options_.login, "Mesosphere", request)) {
        return *refusal;
    }
    const auto leader = platform_.state()->marathon.leader;
    if (request.url == "/ping") {
        return answer_marathon(platform_, addresses_, request);
    }
    if (!leader) {
        return refuse_without_leader(request);
    }
    ServedAnswer answer = answer_marathon(platform_, addresses_, request);
    if (marathon_version(*platform_.state()) >= MarathonVersion{0, 9}) {
        answer.headers.push_back(
            {"X-Marathon-Leader", fmt::format("http://{}", addresses_.at(*leader))});
    }
    if (instance != *leader) {
        answer.headers.push_back(
            {"X-Marathon-Via", fmt::format("1.1 {}", addresses_.at(instance))});
    }
    return answer;
}

}  // namespace caretaker::sandbox

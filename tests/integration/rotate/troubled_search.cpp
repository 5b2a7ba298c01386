// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/rotate/troubled_search.hpp"

#include "tests/support/child_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace caretaker::testing {

std::vector<std::string> Rotation::actions() const {
    std::vector<std::string> all;
    for (const auto& action : json_at(json, "actions").GetArray()) {
        all.push_back(fmt::format("{} {} {}",
                                  json_text(action, "kind"),
                                  json_text(action, "subject"),
                                  json_text(action, "state")));
    }
    return all;
}

TroubledSearch::TroubledSearch(std::string_view version) {
    const auto parsed = sandbox::parse_search_version(version);
    if (!parsed) {
        throw std::runtime_error(fmt::format("no version: {}", version));
    }
    state_.version = *parsed;
    using namespace std::chrono;
    state_.now_ms = floor<milliseconds>(system_clock::now()).time_since_epoch().count();
    server_.answer_by([this](const HttpRequest& request) { return answer(request); });
}

ServedAnswer TroubledSearch::answer(const HttpRequest& request) {
    const std::lock_guard lock(mutex_);
    if (interference_) {
        if (auto replaced = interference_(state_, request)) {
            return std::move(*replaced);
        }
    }
    return sandbox::answer_search(state_, request);
}

void TroubledSearch::interfere(Interference interference) {
    const std::lock_guard lock(mutex_);
    interference_ = std::move(interference);
}

Rotation TroubledSearch::rotate(const std::string& actions, std::vector<std::string> options) {
    std::ofstream(home_.file("actions.yml")) << actions;
    Command command;
    command.argv = {CARETAKER_BINARY,
                    "rotate",
                    "--es-url",
                    server_.url(""),
                    "--store",
                    home_.file("store.db"),
                    "--no-statsd",
                    "-o",
                    "json"};
    if (std::ranges::find(options, "--max-percent") == options.end()) {
        options.insert(options.end(), {"--max-percent", "100"});
    }
    command.argv.insert(command.argv.end(), options.begin(), options.end());
    command.argv.push_back(home_.file("actions.yml"));
    command.inherit_environment = false;
    command.environment = {{"HOME", home_.path().string()}};
    const Finished finished = run_command(command);
    Rotation rotation{finished.status.code, finished.out, finished.err};
    rotation.json = parse_json(finished.out);
    return rotation;
}

std::size_t TroubledSearch::count(HttpMethod method) const {
    const auto requests = server_.requests();
    return static_cast<std::size_t>(std::ranges::count(requests, method, &HttpRequest::method));
}

}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/fake_docker.hpp"

#include "common/base/error.hpp"
#include "tests/sandbox/docker_api.hpp"
#include "tests/sandbox/docker_documents.hpp"
#include "tests/sandbox/docker_removal.hpp"
#include "tests/sandbox/docker_request.hpp"
#include "tests/support/served_stream.hpp"

#include <fmt/format.h>

#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <utility>

namespace caretaker::sandbox {

namespace {

std::string check_socket(const std::filesystem::path& path) {
    constexpr std::size_t longest = sizeof(sockaddr_un{}.sun_path) - 1;
    if (path.native().size() > longest) {
        throw UsageError(
            fmt::format("the socket {}: a path may have {} bytes; choose a shorter one",
                        path.string(),
                        longest));
    }
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
        throw UsageError(
            fmt::format("the socket {}: something is there already; remove it", path.string()));
    }
    return path.native();
}

/// "1763809600" or "1763809600.5", in milliseconds.
std::optional<std::int64_t> parse_event_time(std::string_view text) {
    if (text.empty()) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(std::strtod(std::string(text).c_str(), nullptr) * 1'000);
}

struct EventQuestion {
    std::optional<std::int64_t> since{};
    std::optional<std::int64_t> until{};
    DockerFilters filters;

    [[nodiscard]] bool fits(const FakeDockerEvent& event) const {
        const auto is = [](const std::string& value) {
            return [&value](const std::string& wanted) { return wanted == value; };
        };
        return (!since || event.time_ms >= *since) && (!until || event.time_ms <= *until) &&
               filters.any("type", is(event.type)) && filters.any("event", is(event.action));
    }
};

}  // namespace

FakeDocker::FakeDocker(DockerState state, std::filesystem::path socket)
    : socket_(std::move(socket)),
      state_(std::move(state)),
      http_([this](std::string_view event) { happen(event); }),
      server_(check_socket(socket_)) {
    server_.answer_by([this](const HttpRequest& request) {
        return http_.answer(request, [this](const HttpRequest& passed) { return serve(passed); });
    });
}

FakeDocker::~FakeDocker() {
    std::error_code ignored;
    std::filesystem::remove(socket_, ignored);
}

void FakeDocker::follow_real_time() {
    const std::lock_guard lock(mutex_);
    followed_since_ = std::chrono::steady_clock::now();
}

void FakeDocker::catch_up() {
    if (followed_since_) {
        const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - *followed_since_);
        *followed_since_ += passed;
        state_.now_ms += passed.count();
    }
}

void FakeDocker::happen(std::string_view event) {
    const std::size_t colon = std::min(event.find(':'), event.size());
    const std::string_view what = event.substr(0, colon);
    const std::string subject(event.substr(std::min(colon + 1, event.size())));
    with_state([&](DockerState& state) {
        const FakeContainer* const container = state.find_container(subject);
        if (what == "gone" && container != nullptr) {
            remove_container(state, subject, false, true);
        } else if (what == "start" && container != nullptr) {
            FakeContainer& started = state.containers.at(container->id);
            started.state = "running";
            started.started_ms = state.now_ms;
            state.record("container", "start", started.id, started.name);
        } else if (what == "untag" && state.find_image(subject) != nullptr) {
            try {
                remove_image(state, subject, false, false);
            } catch (const DockerRefusal&) {  // it is in use, so that it keeps its last tag
            }
        }
        return 0;
    });
}

ServedAnswer FakeDocker::serve(const HttpRequest& request) {
    const RequestTarget target = parse_request_target(request.url);
    if (!target.segments.empty() && target.segments.back() == "events" &&
        target.segments.size() <= 2) {
        return serve_events(request);
    }
    return with_state([&](DockerState& state) { return answer_docker(state, request); });
}

ServedAnswer FakeDocker::serve_events(const HttpRequest& request) {
    std::optional<EventQuestion> question;
    try {
        const DockerRequest asked = with_state(
            [&](const DockerState& state) { return read_docker_request(request, state); });
        question.emplace(EventQuestion{
            .since = parse_event_time(asked.parameter("since")),
            .until = parse_event_time(asked.parameter("until")),
            .filters = DockerFilters(asked.parameter("filters"),
                                     {"type", "event", "container", "image", "volume", "label"})});
    } catch (const DockerRefusal& refusal) {
        return docker_refusal(refusal.status, refusal.message);
    }
    // Without `since`, only what happens from now on.
    const std::size_t begin = with_state([&](const DockerState& state) {
        return question->since ? std::size_t{0} : state.events.size();
    });
    return {.headers = {{"Content-Type", "application/json"}},
            .stream = [this, asked = *question, begin](ServedStream& stream) {
                WakeUpList::Entry waiter(waiters_);
                std::size_t next = begin;
                while (stream.is_open()) {
                    waiter.wake_up().clear();
                    std::string lines;
                    with_state([&](const DockerState& state) {
                        for (; next < state.events.size(); ++next) {
                            if (asked.fits(state.events[next])) {
                                lines += format_docker_event(state.events[next]) + "\n";
                            }
                        }
                        return 0;
                    });
                    stream.write(lines);
                    if (asked.until || stream.wait_for(waiter.wake_up().fd(),
                                                       std::chrono::hours(1)) == PeerEvent::gone) {
                        return;
                    }
                }
            }};
}

}  // namespace caretaker::sandbox

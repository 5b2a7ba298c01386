// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/proxy_signal.hpp"

#include "common/http/http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "jobs/kibana/json_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <variant>

namespace caretaker {

namespace {

constexpr std::size_t most_parallel = 16;
constexpr std::int64_t full_below = 4'096;  // bytes

/// No time in milliseconds after 1973 is so small, no time in seconds before 5138 so large.
constexpr double least_milliseconds = 1e11;

WallTime read_proxy_time(JsonView value) {
    const double number = value.number();
    if (!(number >= 0 && number < least_milliseconds)) {
        return read_json_time(value);
    }
    return WallTime(std::chrono::milliseconds(std::llround(number * 1'000)));
}

std::vector<HttpRequest> requests_for(const std::vector<std::string>& proxies,
                                      std::string_view path) {
    std::vector<HttpRequest> requests;
    requests.reserve(proxies.size());
    for (const std::string& proxy : proxies) {
        requests.push_back({.url = fmt::format("{}{}", proxy, path)});
    }
    return requests;
}

/// What the outcome says, or why it says nothing.
std::optional<ProxyMemory> read_outcome(const HttpOutcome& outcome, std::string& trouble) {
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        trouble = error->what();
        return std::nullopt;
    }
    const auto& response = std::get<HttpResponse>(outcome);
    if (!response.ok()) {
        trouble = fmt::format("{} answers {}", response.url, response.status);
        return std::nullopt;
    }
    // Caught because a proxy that answers something else is the signal's trouble.
    try {
        return read_proxy_memory(JsonDocument::parse(response.body, response.url).root());
    } catch (const JsonError& error) {
        trouble = error.what();
        return std::nullopt;
    }
}

}  // namespace

ProxyMemory read_proxy_memory(JsonView answer) {
    ProxyMemory memory{.started = read_proxy_time(answer.at("started"))};
    for (const JsonMember& app : answer.at("apps").members()) {
        memory.latest.emplace(app.name, read_proxy_time(app.value));
    }
    const auto free = answer.find("free_bytes");
    memory.is_full = free && free->number() < full_below;
    return memory;
}

KibanaSignal read_proxies(HttpClient& http, const std::vector<std::string>& proxies, WallTime now) {
    KibanaSignal signal{.name = "proxy"};
    const auto requests = requests_for(proxies, "/__caretaker/last-access");
    std::optional<WallTime> started;
    std::size_t told = 0;
    http.send_all(requests, most_parallel, [&](std::size_t index, const HttpOutcome& outcome) {
        std::string trouble;
        const auto memory = read_outcome(outcome, trouble);
        if (!memory) {
            signal.trouble = trouble;
            return;
        }
        for (const auto& [app, seen] : memory->latest) {
            signal.had_future_times = signal.had_future_times || seen > now;
            WallTime& latest = signal.latest[app];
            latest = std::max(latest, std::min(seen, now));
        }
        if (memory->is_full) {
            signal.trouble = fmt::format(
                "the memory of {} is full, so that it may have forgotten some; make its shared "
                "dictionary larger",
                proxies[index]);
            return;
        }
        started = std::max(started, std::optional(memory->started));
        ++told;
    });
    if (started && told == proxies.size()) {
        signal.watched.add({*started, now});
    }
    return signal;
}

void send_canaries(HttpClient& http,
                   const std::vector<std::string>& proxies,
                   const std::vector<std::string>& agents) {
    auto requests = requests_for(proxies, "/__caretaker/canary");
    for (std::size_t i = 0; i < requests.size(); ++i) {
        requests[i].headers.push_back({"User-Agent", agents.at(i)});
    }
    http.send_all(requests, most_parallel, [](std::size_t, const HttpOutcome&) {});
}

}  // namespace caretaker

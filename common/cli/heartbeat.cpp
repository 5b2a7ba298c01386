// SPDX-License-Identifier: Apache-2.0
#include "common/cli/heartbeat.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/http/http.hpp"
#include "common/http/url.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <utility>

namespace caretaker {

namespace {

constexpr std::size_t longest_body = 10'000;
constexpr std::chrono::milliseconds time_of_a_try{2'500};
constexpr std::chrono::milliseconds time_when_stopping{300};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

HttpOptions options_of(std::chrono::milliseconds timeout, const RunInfo& run) {
    return {.service = "ping",
            .user_agent = fmt::format("caretaker/{} ({}; {})", run.version, run.job, run.uid),
            .connect_timeout = timeout,
            .request_timeout = timeout,
            .max_response_bytes = 64 * 1024};
}

}  // namespace

std::string ping_url_problem(std::string_view pattern) {
    const auto url = parse_url(format_ping_url(pattern, {.job = "job", .target = "target"}, ""));
    const bool right = url && (url->scheme == "http" || url->scheme == "https");
    return right
               ? std::string()
               : fmt::format(
                     "'{}' is no address; write it like https://hc-ping.com/KEY/{{job}}-{{target}}",
                     redact_url(pattern));
}

std::string format_ping_url(std::string_view pattern, const RunInfo& run, std::string_view signal) {
    std::string url(pattern);
    while (url.ends_with('/')) {
        url.pop_back();
    }
    replace_all(url, "{job}", run.job);
    replace_all(url, "{target}", run.target);
    return fmt::format("{}/{}?rid={}", url, signal, run.uid);
}

Heartbeat::Heartbeat(std::string pattern,
                     const RunInfo& run,
                     const Connectors& connect,
                     const StopSignal& stop,
                     Log& log)
    : pattern_(std::move(pattern)), run_(run), connect_(connect), stop_(stop), log_(log) {}

void Heartbeat::start() {
    send("start", {}, false);
}

void Heartbeat::finish(ExitCode code, std::string_view summary) {
    send(
        std::to_string(static_cast<int>(code)), summary.substr(0, longest_body), stop_.requested());
}

void Heartbeat::send(std::string_view signal, std::string_view body, bool stopping) {
    if (pattern_.empty() || run_.dry_run) {
        return;
    }
    // The end of a run that was stopped has to be told too, so its ping does not watch the stop.
    const StopSignal never;
    const auto timeout = stopping ? time_when_stopping : time_of_a_try;
    std::string trouble;
    for (int tries_left = stopping ? 1 : 2; tries_left > 0; --tries_left) {
        // Caught, as nothing that happens to a heartbeat may change the run.
        try {
            const auto client = connect_.http(options_of(timeout, run_), stopping ? never : stop_);
            const HttpResponse response =
                client->send({.method = HttpMethod::post,
                              .url = format_ping_url(pattern_, run_, signal),
                              .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                              .body = std::string(body)});
            if (response.ok()) {
                return;
            }
            trouble = fmt::format("the answer was {}", response.status);
        } catch (const Error& error) {
            trouble = error.what();
        }
    }
    log_.warning(fmt::format("heartbeat (ping.url): {}: {}", signal, trouble));
}

}  // namespace caretaker

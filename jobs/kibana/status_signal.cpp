// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/status_signal.hpp"

#include "common/http/http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <variant>

namespace caretaker {

namespace {

constexpr std::size_t most_parallel = 16;
constexpr std::int64_t own_probes = 1;

class StatusReader {
 public:
    StatusReader(const StatusAsked& asked, KibanaSignal& signal) : asked_(asked), signal_(signal) {}

    void take(const KibanaApp& app, const HttpOutcome& outcome) {
        if (const auto* error = std::get_if<HttpError>(&outcome)) {
            note_trouble(app, error->what());
            return;
        }
        const auto& response = std::get<HttpResponse>(outcome);
        if (const std::string trouble = find_status_trouble(response.status, response.body);
            !trouble.empty()) {
            note_trouble(app, trouble);
            return;
        }
        // Caught because one Kibana that answers something else is no reason to ask no other.
        try {
            const JsonDocument document = JsonDocument::parse(response.body, response.url);
            take_status(app, read_kibana_status(document.root()));
        } catch (const JsonError& error) {
            note_trouble(app, error.what());
        }
    }

    void finish(std::size_t asked) {
        if (failed_ > 0) {
            signal_.trouble =
                fmt::format("{} of {} Kibanas told nothing of their use, the first: {}",
                            failed_,
                            asked,
                            first_);
        }
    }

 private:
    void take_status(const KibanaApp& app, const KibanaStatus& status) {
        if (status.windows.empty()) {
            note_trouble(app, "it tells no numbers, as without a login or just after its start");
            return;
        }
        WatchSpans& watched = signal_.watched_of[app.id];
        for (const StatusWindow& window : status.windows) {
            signal_.had_future_times = signal_.had_future_times || window.span.end > asked_.now;
            watched.add({window.span.begin, std::min(window.span.end, asked_.now)});
        }
        signal_.unexplained[app.id] =
            unexplained_per_minute(status, app, asked_.background, own_probes);
        if (const auto use = find_status_use(status, app, asked_.background, own_probes)) {
            signal_.latest[app.id] = std::min(*use, asked_.now);
        }
    }

    void note_trouble(const KibanaApp& app, const std::string& trouble) {
        if (failed_++ == 0) {
            first_ = fmt::format("{}: {}", app.id, trouble);
        }
    }

    const StatusAsked& asked_;
    KibanaSignal& signal_;
    std::size_t failed_ = 0;
    std::string first_{};
};

}  // namespace

std::string status_url(const KibanaApp& app, const StatusAsked& asked) {
    const auto task = std::ranges::find_if(
        app.tasks, [](const KibanaTask& one) { return one.is_running && one.port != 0; });
    return task == app.tasks.end() ? std::string()
                                   : fmt::format("{}://{}:{}{}/api/status",
                                                 asked.scheme,
                                                 task->host,
                                                 task->port,
                                                 asked.base_path);
}

KibanaSignal read_statuses(HttpClient& http,
                           const std::vector<const KibanaApp*>& apps,
                           const StatusAsked& asked) {
    KibanaSignal signal{.name = "ops"};
    std::vector<HttpRequest> requests;
    std::vector<const KibanaApp*> reached;
    for (const KibanaApp* app : apps) {
        if (std::string url = status_url(*app, asked); !url.empty()) {
            requests.push_back({.url = std::move(url)});
            reached.push_back(app);
        }
    }
    StatusReader reader(asked, signal);
    http.send_all(requests, most_parallel, [&](std::size_t index, const HttpOutcome& outcome) {
        reader.take(*reached[index], outcome);
    });
    reader.finish(reached.size());
    return signal;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/access_log_signal.hpp"

#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/text/stable_hash.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::chrono::minutes canary_slack{1};  // of the clocks

/// One engine and the log in it.
class AccessLog {
 public:
    AccessLog(ServiceHttp& http, const AccessLogRules& rules) : http_(http), rules_(rules) {
        const std::string what = fmt::format("{}: GET {}/", http_.name(), http_.endpoint());
        const HttpResponse response = http_.require({.url = "/"});
        engine_ = read_search_engine(JsonDocument::parse(response.body, what).root());
        fields_ = rules_.app_field.empty() ? find_fields() : log_fields_like(rules_.app_field);
    }

    AccessLogAnswer ask(const AccessLogQuestion& question) {
        const HttpRequest request{
            .method = HttpMethod::post,
            .url = fmt::format("/{}/_search?size=0&ignore_unavailable=false", rules_.index),
            .headers = {{"Content-Type", "application/json"}},
            .body = format_log_question(question, rules_, fields_, engine_),
            .effect = HttpEffect::read};
        const HttpResponse response = http_.require(request);
        const JsonDocument document =
            JsonDocument::parse(response.body, "elasticsearch: searching " + rules_.index);
        return read_log_answer(document.root(), question, rules_);
    }

 private:
    /// Field capabilities came with 5.4; before, the mapping tells the same.
    [[nodiscard]] AccessLogFields find_fields() {
        const bool is_old = engine_.family == SearchFamily::elasticsearch &&
                            engine_.version < EngineVersion{5, 4, 0};
        const std::string url =
            is_old ? fmt::format("/{}/_mapping", rules_.index)
                   : fmt::format("/{}/_field_caps?fields=app,app.keyword,app.raw", rules_.index);
        const HttpResponse response = http_.require({.url = url});
        const JsonDocument document =
            JsonDocument::parse(response.body,
                                fmt::format("{}: {}", http_.name(), url),
                                "look at kibana.access_log.index, or name the field of the app's "
                                "id by kibana.access_log.app_field");
        const auto found =
            is_old ? find_mapped_log_fields(document.root()) : find_log_fields(document.root());
        if (!found) {
            document.root().fail(
                "names no field app, app.keyword or app.raw whose values can be counted");
        }
        return *found;
    }

    ServiceHttp& http_;
    const AccessLogRules& rules_;
    SearchEngine engine_{};
    AccessLogFields fields_{};
};

/// What counts as use, as one text.
std::string hash_of(const AccessLogRules& rules) {
    return hex16(stable_hash(fmt::format("{} {} {} {} {} {} {} {}",
                                         rules.index,
                                         rules.time_field,
                                         rules.app_field,
                                         rules.min_docs_per_hour,
                                         fmt::join(rules.exclude_agents, ","),
                                         fmt::join(rules.exclude_paths, ","),
                                         fmt::join(rules.exclude_clients, ","),
                                         rules.ignore_system_requests)));
}

/// There may be more apps in the log than are managed now.
std::size_t most_apps(std::size_t managed) {
    return 2 * managed + 50;
}

/// Where canaries are missing, lines of people may be too.
void judge_canaries(const AccessLogAnswer& answer,
                    WatchSpan window,
                    AccessLogMemory& memory,
                    KibanaSignal& signal) {
    memory.canaries.take(answer.canaries);
    for (const WatchSpan& hole : memory.canaries.holes(window.end)) {
        memory.watched.remove(hole);
    }
    const auto missing = memory.canaries.missing(window);
    if (!missing.empty()) {
        signal.trouble = fmt::format(
            "of the canaries sent through {} {} at {} not all are in the log; look at the way from "
            "each proxy into Elasticsearch",
            missing.back().proxies,
            missing.back().proxies == 1 ? "proxy" : "proxies",
            format_rfc3339(missing.back().sent));
    }
}

void merge(const AccessLogAnswer& answer,
           WallTime now,
           AccessLogMemory& memory,
           KibanaSignal& signal) {
    memory.watched.add(answer.watched);
    for (const auto& [app, seen] : answer.latest) {
        signal.had_future_times = signal.had_future_times || seen > now;
        WallTime& latest = memory.latest[app];
        latest = std::max(latest, std::min(seen, now));
    }
}

}  // namespace

KibanaSignal read_access_log(ServiceHttp& http,
                             const AccessLogAsked& asked,
                             AccessLogMemory& memory) {
    KibanaSignal signal{.name = "access_log"};
    // Caught because a signal that is out of order is no news of use, and others may go on.
    try {
        AccessLog log(http, asked.rules);
        const WatchSpan window =
            next_log_window(memory, hash_of(asked.rules), asked.back, asked.rules.lag, asked.now);
        AccessLogQuestion question{.window = window, .most_apps = most_apps(asked.apps)};
        for (const CanaryRound& round : memory.canaries.missing(window)) {
            for (const std::string& agent : round.awaited) {
                question.canaries.push_back(
                    {{round.sent - canary_slack, round.sent + canary_slack}, agent});
            }
        }
        const AccessLogAnswer answer = log.ask(question);
        merge(answer, asked.now, memory, signal);
        judge_canaries(answer, window, memory, signal);
    } catch (const RemoteError& error) {
        signal.trouble = error.what();
        signal.is_denied = error.failure() == RemoteFailure::denied;
    } catch (const JsonError& error) {
        signal.trouble = error.what();
    }
    signal.latest = memory.latest;
    signal.watched = memory.watched;
    return signal;
}

std::map<std::string, std::vector<std::int64_t>, std::less<>> read_log_days(
    ServiceHttp& http, const AccessLogAsked& asked, std::int64_t days) {
    AccessLog log(http, asked.rules);
    const auto today = std::chrono::floor<std::chrono::days>(asked.now);
    return log
        .ask({.window = {today - std::chrono::days(days - 1), asked.now},
              .most_apps = most_apps(asked.apps),
              .by_day = true})
        .days;
}

}  // namespace caretaker

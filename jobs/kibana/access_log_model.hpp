// SPDX-License-Identifier: Apache-2.0
// The access log of the proxy as a question to Elasticsearch, and what its answer is worth. No IO.
#pragma once

#include "common/clients/search_engine.hpp"
#include "common/json/json_view.hpp"
#include "jobs/kibana/kibana_signal.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// What counts as use. Agents, paths and clients are globs of Elasticsearch's wildcard query.
struct AccessLogRules {
    std::string index{};  // "access-*"; empty: there is no such log
    std::string time_field{"@timestamp"};
    std::string app_field{};  // empty: found out
    std::chrono::milliseconds lag{std::chrono::minutes(10)};
    std::int64_t min_docs_per_hour = 1;
    std::vector<std::string> exclude_agents{};
    std::vector<std::string> exclude_paths{};
    std::vector<std::string> exclude_clients{};
    bool ignore_system_requests = false;
};

/// The names of the fields that can be compared and counted as a whole.
struct AccessLogFields {
    std::string app{"app"};
    std::string agent{"ua"};
    std::string path{"path"};
    std::string client{"client"};
};

/// `app` itself where it is no analysed text, else "app.keyword" (Elasticsearch 5 on) or "app.raw"
/// (Logstash's template before); the others alike. From `fields` of GET /{index}/_field_caps.
/// Throws JsonError; nothing where no such field is there.
std::optional<AccessLogFields> find_log_fields(JsonView capabilities);

/// The same from GET /{index}/_mapping, which engines before 5.4 have in its place.
std::optional<AccessLogFields> find_mapped_log_fields(JsonView mappings);

/// The same fields for a name that was configured: "app.raw" has the others end in ".raw".
AccessLogFields log_fields_like(const std::string& app_field);

struct CanaryAsked {
    WatchSpan span{};
    std::string agent{};
};

struct AccessLogQuestion {
    WatchSpan window{};
    std::size_t most_apps = 50;
    std::vector<CanaryAsked> canaries{};
    bool by_day = false;  // also how much each app was used a day
};

/// The body of POST /{index}/_search?size=0, in the words of that engine.
std::string format_log_question(const AccessLogQuestion& question,
                                const AccessLogRules& rules,
                                const AccessLogFields& fields,
                                const SearchEngine& engine);

struct AccessLogAnswer {
    WatchSpans watched{};  // hours in which the log as a whole has lines
    LatestUse latest{};
    std::vector<std::string> canaries{};  // user agents of those whose lines are there
    /// Requests by app and day, the first day of the window first; only where that was asked.
    std::map<std::string, std::vector<std::int64_t>, std::less<>> days{};
};

/// What the answer is worth: only one of all shards, in time and with all apps is believed. Throws
/// JsonError "json_shape" with what is wrong otherwise.
AccessLogAnswer read_log_answer(JsonView answer,
                                const AccessLogQuestion& question,
                                const AccessLogRules& rules);

}  // namespace caretaker

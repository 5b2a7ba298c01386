// SPDX-License-Identifier: Apache-2.0
#include "common/config/kibana_keys.hpp"

#include <array>

namespace caretaker {

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t day = 24 * 60 * minute;
constexpr std::int64_t longest = 3'660 * day;

constexpr std::array keys{
    KeySpec{.path = "kibana.apps",
            .type = ValueType::text_list,
            .help = "Marathon apps that are managed beside those with the label "
                    "caretaker.kibana=true: names, globs or /regular expressions/ of ids."},
    KeySpec{.path = "kibana.protect",
            .type = ValueType::text_list,
            .help = "Apps that are never suspended, written alike."},
    KeySpec{.path = "kibana.idle_after",
            .type = ValueType::duration,
            .fallback = "2w",
            .help = "How long nobody must have used a Kibana before it is suspended.",
            .min = 60 * minute,
            .max = longest},
    KeySpec{.path = "kibana.warn_before",
            .type = ValueType::duration,
            .fallback = "2d",
            .help = "How long before that its owner is told.",
            .min = 0,
            .max = longest},
    KeySpec{.path = "kibana.destroy_after",
            .type = ValueType::duration,
            .fallback = "60d",
            .help = "How long a Kibana stays suspended before its app is taken out of Marathon; "
                    "0s: for ever.",
            .min = 0,
            .max = longest},
    KeySpec{.path = "kibana.destroy_warn_before",
            .type = ValueType::duration,
            .fallback = "1w",
            .help = "How long before that its owner is told.",
            .min = 0,
            .max = longest},
    KeySpec{.path = "kibana.min_age",
            .type = ValueType::duration,
            .fallback = "1w",
            .help = "How old an app must be.",
            .min = 0,
            .max = longest},
    KeySpec{.path = "kibana.max_uncovered",
            .type = ValueType::integer,
            .fallback = "5",
            .help = "How many percent of idle_after may have gone unwatched.",
            .min = 0,
            .max = 50},
    KeySpec{.path = "kibana.max_staleness",
            .type = ValueType::duration,
            .fallback = "2h",
            .help = "How old the newest news of use may be.",
            .min = minute,
            .max = day},
    KeySpec{.path = "kibana.batch",
            .type = ValueType::integer,
            .fallback = "5",
            .help = "How many apps one run suspends.",
            .min = 0,
            .max = 10'000},
    KeySpec{.path = "kibana.destroy_batch",
            .type = ValueType::integer,
            .fallback = "1",
            .help = "How many apps one run takes out of Marathon.",
            .min = 0,
            .max = 10'000},
    KeySpec{.path = "kibana.max_percent",
            .type = ValueType::integer,
            .fallback = "20",
            .help = "How many percent of the running apps may be due to be told of or suspended at "
                    "once; beyond, a run does neither.",
            .min = 0,
            .max = 100},
    KeySpec{.path = "kibana.require_notice",
            .type = ValueType::boolean,
            .fallback = "true",
            .help = "Whether an app is suspended only once its owner was told."},
    KeySpec{.path = "kibana.adopt_suspended",
            .type = ValueType::boolean,
            .fallback = "false",
            .help = "Whether managed apps that somebody else scaled to 0 are woken like those that "
                    "caretaker suspended."},
    KeySpec{.path = "kibana.base_path",
            .help = "What stands before the paths of every Kibana (server.basePath), as /kibana."},
    KeySpec{.path = "kibana.scheme",
            .type = ValueType::choice,
            .fallback = "http",
            .help = "How Kibanas are spoken to where their tasks run.",
            .choices = "http|https"},
    KeySpec{.path = "kibana.access_log.index",
            .help = "Indices of the proxies' access log in Elasticsearch, as access-*; without it "
                    "the log is not read."},
    KeySpec{.path = "kibana.access_log.time_field",
            .fallback = "@timestamp",
            .help = "The field of a line's time."},
    KeySpec{.path = "kibana.access_log.app_field",
            .help = "The field of the app's id; without it app, app.keyword or app.raw, whichever "
                    "can be counted."},
    KeySpec{.path = "kibana.access_log.lag",
            .type = ValueType::duration,
            .fallback = "10m",
            .help = "How late lines may come.",
            .min = 0,
            .max = day},
    KeySpec{.path = "kibana.access_log.min_docs_per_hour",
            .type = ValueType::integer,
            .fallback = "1",
            .help = "How many lines of any app an hour must have to be believed.",
            .min = 1,
            .max = 1'000'000'000},
    KeySpec{.path = "kibana.access_log.exclude_agents",
            .type = ValueType::text_list,
            .fallback = "caretaker/*,curl/*,akka-http/*,spray-can/*,*bot*,*Pingdom*,*monitor*,"
                        "Prometheus*",
            .help = "User agents (field ua) whose requests are no use, with * and ?."},
    KeySpec{.path = "kibana.access_log.exclude_paths",
            .type = ValueType::text_list,
            .fallback = "*/status,*/api/status,*/api/stats,/__caretaker/*",
            .help = "Paths (field path) that are no use."},
    KeySpec{.path = "kibana.access_log.exclude_clients",
            .type = ValueType::text_list,
            .help = "Clients (field client) whose requests are no use."},
    KeySpec{.path = "kibana.access_log.ignore_system_requests",
            .type = ValueType::boolean,
            .fallback = "false",
            .help =
                "Whether what an open page asks for by itself (field system) is no use, so that "
                "a forgotten tab keeps nothing alive, and no wall screen either."},
    KeySpec{.path = "kibana.proxies",
            .type = ValueType::text_list,
            .help = "Addresses of all proxies before the Kibanas; each tells the last accesses at "
                    "/__caretaker/last-access and takes a canary for the access log."},
    KeySpec{.path = "kibana.ops.extra_per_minute",
            .type = ValueType::integer,
            .fallback = "0",
            .help = "Requests a minute that a Kibana gets without anybody using it, beside "
                    "Marathon's checks.",
            .min = 0,
            .max = 100'000},
    KeySpec{.path = "kibana.ops.slack",
            .type = ValueType::integer,
            .fallback = "2",
            .help = "How many requests more than explained are still no use.",
            .min = 0,
            .max = 100'000},
    KeySpec{.path = "kibana.ops.connections",
            .type = ValueType::integer,
            .fallback = "0",
            .help = "More open connections than these are use: the number that a Kibana has at "
                    "night, of proxies and checks. 0: connections say nothing.",
            .min = 0,
            .max = 100'000},
    KeySpec{.path = "kibana.webhook.urls",
            .type = ValueType::text_list,
            .help = "Addresses that get each event as a POST of JSON: notices to owners, what was "
                    "suspended, woken, destroyed."},
    KeySpec{.path = "kibana.webhook.secret",
            .help = "Signs each event: its header X-Caretaker-Signature is sha256= and the "
                    "HMAC-SHA-256 of the body; better in a file of its own.",
            .secret = true},
    KeySpec{.path = "kibana.webhook.secret_file", .help = "File that holds that secret."},
};

}  // namespace

std::span<const KeySpec> kibana_keys() {
    return keys;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/config/key_table.hpp"

#include "common/config/cleanup_keys.hpp"
#include "common/config/kibana_keys.hpp"
#include "common/config/rotate_keys.hpp"
#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <vector>

namespace caretaker {

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t day = 24 * 60 * minute;
constexpr std::int64_t kib = 1LL << 10;
constexpr std::int64_t mib = 1LL << 20;
constexpr std::int64_t gib = 1LL << 30;

constexpr std::array general_keys{
    KeySpec{.path = "store.path",
            .help = "File of the SQLite store, or none; without it "
                    "/var/lib/caretaker/caretaker.db where that can be written, else "
                    "$XDG_STATE_HOME/caretaker/caretaker.db."},
    KeySpec{.path = "store.journal",
            .type = ValueType::choice,
            .fallback = "auto",
            .help = "SQLite's journal mode; auto takes wal on local disks and truncate elsewhere.",
            .choices = "auto|wal|truncate"},
    KeySpec{
        .path = "store.required",
        .type = ValueType::choice,
        .fallback = "auto",
        .help = "Whether a run fails without a usable store; auto: only runs that change things.",
        .choices = "auto|always|never"},
    KeySpec{.path = "store.max_bytes",
            .type = ValueType::size,
            .fallback = "2GiB",
            .help = "Largest size of the store's file.",
            .min = mib,
            .max = 1024 * gib},
    KeySpec{.path = "store.max_rows_per_run",
            .type = ValueType::integer,
            .fallback = "5000",
            .help = "Most rows of one kind that a single run adds.",
            .min = 1,
            .max = 1'000'000},
    KeySpec{.path = "store.retention.runs",
            .type = ValueType::duration,
            .fallback = "400d",
            .help = "How long runs are kept with their actions; the last 100 of "
                    "each job and target stay in any case.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "store.retention.run_metrics",
            .type = ValueType::duration,
            .fallback = "30d",
            .help = "How long the metrics of every run are kept; then of one run "
                    "an hour, as long as runs.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "store.retention.samples_60s",
            .type = ValueType::duration,
            .fallback = "7d",
            .help = "How long samples of a minute are kept before they become "
                    "samples of ten minutes.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "store.retention.samples_600s",
            .type = ValueType::duration,
            .fallback = "35d",
            .help = "How long samples of ten minutes are kept before they become "
                    "samples of an hour.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "store.retention.samples_3600s",
            .type = ValueType::duration,
            .fallback = "400d",
            .help = "How long samples of an hour are kept.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "store.retention.findings",
            .type = ValueType::duration,
            .fallback = "400d",
            .help = "How long findings are kept from when they were resolved.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "store.retention.events",
            .type = ValueType::duration,
            .fallback = "800d",
            .help = "How long events (holds, deployments, notes) are kept.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "store.retention.outbox",
            .type = ValueType::duration,
            .fallback = "7d",
            .help = "How long documents wait that could not be sent.",
            .min = day,
            .max = 10'000 * day},
    KeySpec{.path = "lock.backend",
            .type = ValueType::choice,
            .fallback = "local",
            .help = "What keeps runs of one job and target apart: locks of this host (local), with "
                    "them a lease in the target's Elasticsearch or OpenSearch that all hosts see "
                    "(elasticsearch), or nothing (none).",
            .choices = "local|elasticsearch|none"},
    KeySpec{.path = "lock.ttl",
            .type = ValueType::duration,
            .fallback = "60s",
            .help =
                "How long such a lease lasts unless it is renewed, which is done three times as "
                "often.",
            .min = 3 * second,
            .max = 60 * minute},
    KeySpec{.path = "outbox.index",
            .fallback = "caretaker-runs-{month}",
            .help =
                "Index or write alias of the documents for Elasticsearch; {month} is as 2026.11, "
                "in UTC."},
    KeySpec{.path = "statsd.address",
            .fallback = "none",
            .help = "Where metrics go: host:8125, udp://host:8125, tcp://host:8125, "
                    "srv://_statsd._udp.marathon.mesos, unixgram:///path, file:///path or none."},
    KeySpec{.path = "statsd.prefix",
            .fallback = "caretaker",
            .help = "First segments of every metric's name, e.g. logs.prod.caretaker."},
    KeySpec{.path = "statsd.dialect",
            .type = ValueType::choice,
            .fallback = "none",
            .help = "How target and labels are sent: as segments of the name (none), or as tags.",
            .choices = "none|graphite|influx|dogstatsd|librato|signalfx"},
    KeySpec{.path = "statsd.histograms",
            .type = ValueType::boolean,
            .fallback = "false",
            .help = "Whether times are sent as histograms; only with the dialect dogstatsd."},
    KeySpec{.path = "statsd.max_payload",
            .type = ValueType::integer,
            .fallback = "1400",
            .help = "Most bytes in one datagram.",
            .min = 512,
            .max = 65'467},
    KeySpec{.path = "statsd.max_lines",
            .type = ValueType::integer,
            .fallback = "5000",
            .help = "Most metric lines of one run; the least important ones are dropped.",
            .min = 1,
            .max = 1'000'000},
    KeySpec{.path = "statsd.resolve_timeout",
            .type = ValueType::duration,
            .fallback = "2s",
            .help = "How long the server's name may take to resolve.",
            .min = 10,
            .max = minute},
    KeySpec{.path = "statsd.host_segment",
            .type = ValueType::boolean,
            .fallback = "false",
            .help = "Whether the host becomes a segment of every metric's name."},
    KeySpec{.path = "dns.server",
            .help = "Address and port of the DNS server that is asked for the StatsD server, e.g. "
                    "10.0.0.2:53; without it the system's are."},
    KeySpec{.path = "ping.url",
            .help = "Address of a heartbeat service such as healthchecks, told of each run's start "
                    "and end; {job} and {target} in it are replaced."},
    KeySpec{.path = "lag.intervals",
            .type = ValueType::integer,
            .fallback = "10",
            .help = "So many commits of each partition are kept, and so many runs complete its "
                    "window.",
            .min = 2,
            .max = 100},
    KeySpec{.path = "lag.allowed_lag",
            .type = ValueType::integer,
            .fallback = "0",
            .help = "A lag up to that is none; 1 or 2 where producers write transactions.",
            .min = 0,
            .max = 1'000'000'000'000},
    KeySpec{.path = "lag.min_silence",
            .type = ValueType::duration,
            .fallback = "5m",
            .help = "A consumer is called stopped only after so long without a commit.",
            .min = 0,
            .max = 30 * day},
    KeySpec{.path = "lag.min_points",
            .type = ValueType::integer,
            .fallback = "3",
            .help = "A consumer is called slow only from so many commits on.",
            .min = 1,
            .max = 100},
    KeySpec{.path = "lag.minimum_complete",
            .type = ValueType::integer,
            .fallback = "0",
            .help = "Percent of the intervals that runs must have seen before a partition is "
                    "judged.",
            .min = 0,
            .max = 100},
    KeySpec{.path = "lag.expire_group",
            .type = ValueType::duration,
            .fallback = "7d",
            .help = "A group of which nothing moved for longer is expired: neither judged nor "
                    "counted.",
            .min = minute,
            .max = 10'000 * day},
    KeySpec{.path = "lag.max_window",
            .type = ValueType::duration,
            .fallback = "1h",
            .help = "Older commits are forgotten, and all of them after a longer pause between "
                    "two runs.",
            .min = minute,
            .max = 7 * day},
    KeySpec{.path = "lag.min_distance",
            .type = ValueType::duration,
            .fallback = "0s",
            .help = "Commits closer to each other than that count as one.",
            .min = 0,
            .max = day},
    KeySpec{.path = "lag.groups.allowed_lag",
            .type = ValueType::text_map,
            .help = "The allowed lag of some groups, by name, glob or /regex/; the first that "
                    "fits holds."},
    KeySpec{.path = "lag.groups.min_silence",
            .type = ValueType::text_map,
            .help = "The same for the least silence."},
    KeySpec{.path = "lag.groups.min_points",
            .type = ValueType::text_map,
            .help = "The same for the least number of commits."},
    KeySpec{.path = "lag.groups.expire_group",
            .type = ValueType::text_map,
            .help = "The same for the time after which a group is expired."},
    KeySpec{.path = "status.expected_every",
            .type = ValueType::text_map,
            .help = "How often jobs are to run, by job, e.g. {lag: 5m, rotate: 1d}; of the others "
                    "`caretaker status` learns it from their last twenty scheduled runs.",
            .min = second,
            .max = 400 * day,
            .element = ValueType::duration},
    KeySpec{.path = "log.level",
            .type = ValueType::choice,
            .fallback = "auto",
            .help = "Least important message shown; auto: warning on a terminal, else info.",
            .choices = "auto|debug|info|warning|error"},
    KeySpec{.path = "log.format",
            .type = ValueType::choice,
            .fallback = "auto",
            .help =
                "Sentences (plain), key=value lines (logfmt) or one object a line (json); auto: "
                "plain on a terminal, else logfmt.",
            .choices = "auto|plain|logfmt|json"},
    KeySpec{.path = "log.limit",
            .type = ValueType::size,
            .fallback = "8MiB",
            .help = "Most bytes of log that one run writes; errors are written beyond it.",
            .min = 64 * kib,
            .max = gib},
};

constexpr std::array kafka_keys{
    KeySpec{.path = "bootstrap_servers",
            .type = ValueType::text_list,
            .help = "Brokers to begin with, host:port."},
    KeySpec{.path = "properties",
            .type = ValueType::text_map,
            .help = "Properties of librdkafka, e.g. security.protocol."},
    KeySpec{.path = "properties_file",
            .help = "File of key=value lines, fit for secrets; wins over `properties`."},
    KeySpec{.path = "connect_timeout",
            .type = ValueType::duration,
            .fallback = "10s",
            .help = "Until the first metadata must have arrived.",
            .min = 100,
            .max = 10 * minute},
    KeySpec{.path = "request_timeout",
            .type = ValueType::duration,
            .fallback = "5s",
            .help = "For each later request.",
            .min = 100,
            .max = 10 * minute},
};

constexpr std::array<std::string_view, 7> http_services{
    "elasticsearch", "mesos", "marathon", "chronos", "kibana", "docker", "logstash"};

constexpr std::array http_keys{
    KeySpec{.path = "urls",
            .type = ValueType::text_list,
            .help = "Addresses of equal worth; when one does not answer the next is asked."},
    KeySpec{.path = "user", .help = "User of basic authentication."},
    KeySpec{.path = "password",
            .help = "The user's password; better in a file of its own.",
            .secret = true},
    KeySpec{.path = "password_file", .help = "File that holds the user's password."},
    KeySpec{
        .path = "token", .help = "A bearer token; better in a file of its own.", .secret = true},
    KeySpec{.path = "token_file", .help = "File that holds a bearer token."},
    KeySpec{.path = "ca_file", .help = "PEM file of the certificate authorities to trust."},
    KeySpec{.path = "ca_dir",
            .help = "Directory of certificate authorities, as OpenSSL hashes it."},
    KeySpec{.path = "client_cert", .help = "PEM file of the client's certificate."},
    KeySpec{.path = "client_key_file", .help = "PEM file of the client certificate's key."},
    KeySpec{.path = "insecure",
            .type = ValueType::boolean,
            .fallback = "false",
            .help = "Whether the server's certificate goes unverified."},
    KeySpec{.path = "proxy",
            .help = "Proxy to go through, or none; without it the usual environment decides."},
    KeySpec{.path = "no_proxy", .help = "Hosts that are reached without a proxy, comma separated."},
    KeySpec{.path = "connect_timeout",
            .type = ValueType::duration,
            .fallback = "3s",
            .help = "Until a connection must stand.",
            .min = 10,
            .max = 10 * minute},
    KeySpec{.path = "request_timeout",
            .type = ValueType::duration,
            .fallback = "30s",
            .help = "Until an answer must be complete.",
            .min = 10,
            .max = 60 * minute},
    KeySpec{.path = "max_response",
            .type = ValueType::size,
            .fallback = "64MiB",
            .help = "Largest answer accepted, after decompression.",
            .min = kib,
            .max = 256 * mib},
    KeySpec{
        .path = "headers", .type = ValueType::text_map, .help = "Headers sent with every request."},
    KeySpec{.path = "redirect_auth",
            .type = ValueType::choice,
            .fallback = "listed",
            .help =
                "Which hosts get the credentials by a redirect: those in `urls` (listed), those "
                "of the same domain too, or none (never).",
            .choices = "listed|same-domain|never"},
};

/// The rows, and the text of those paths that are put together.
class Rows {
 public:
    Rows() {
        rows_.assign(general_keys.begin(), general_keys.end());
        rows_.insert(rows_.end(), cleanup_keys().begin(), cleanup_keys().end());
        rows_.insert(rows_.end(), rotate_keys().begin(), rotate_keys().end());
        rows_.insert(rows_.end(), kibana_keys().begin(), kibana_keys().end());
        add("kafka", kafka_keys);
        for (const std::string_view service : http_services) {
            add(service, http_keys);
        }
        for (KeySpec key : http_keys) {
            key.path = paths_.emplace_back(fmt::format("outbox.elasticsearch.{}", key.path));
            rows_.push_back(key);
        }
    }

    [[nodiscard]] std::span<const KeySpec> all() const { return rows_; }

 private:
    void add(std::string_view service, std::span<const KeySpec> keys) {
        for (KeySpec key : keys) {
            // The state of a large Mesos master alone passes 64 MiB.
            if (service == "mesos" && key.path == "max_response") {
                key.fallback = "256MiB";
                key.max = gib;
            }
            key.path = paths_.emplace_back(fmt::format("targets.*.{}.{}", service, key.path));
            rows_.push_back(key);
        }
    }

    std::deque<std::string> paths_;  // a deque never moves what the rows look at
    std::vector<KeySpec> rows_;
};

/// Cuts the first segment off `path`.
std::string_view take_segment(std::string_view& path) {
    const std::size_t dot = path.find('.');
    const std::string_view segment = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    return segment;
}

/// What remains of `pattern` when `path` covers its beginning; nullopt when it does not fit.
std::optional<std::string_view> rest_behind(std::string_view pattern, std::string_view path) {
    while (!path.empty()) {
        const std::string_view wanted = take_segment(pattern);
        const std::string_view given = take_segment(path);
        if (given.empty() || (wanted != "*" && wanted != given)) {
            return std::nullopt;
        }
    }
    return pattern;
}

}  // namespace

std::string_view to_string(ValueType type) {
    switch (type) {
        case ValueType::text:
            return "text";
        case ValueType::text_list:
            return "list";
        case ValueType::text_map:
            return "map";
        case ValueType::integer:
            return "integer";
        case ValueType::boolean:
            return "boolean";
        case ValueType::duration:
            return "duration";
        case ValueType::size:
            return "size";
        case ValueType::choice:
            break;
    }
    return "choice";
}

std::span<const KeySpec> key_table() {
    static const Rows rows;
    return rows.all();
}

const KeySpec* find_key(std::string_view path) {
    if (path.empty() || path.ends_with('.')) {
        return nullptr;
    }
    const auto rows = key_table();
    const auto row = std::ranges::find_if(rows, [&](const KeySpec& spec) {
        const auto rest = rest_behind(spec.path, path);
        return rest && rest->empty();
    });
    return row == rows.end() ? nullptr : &*row;
}

std::vector<std::string_view> section_names(std::string_view section) {
    std::vector<std::string_view> names;
    for (const KeySpec& spec : key_table()) {
        auto rest = rest_behind(spec.path, section);
        if (!rest || rest->empty()) {
            continue;
        }
        const std::string_view name = take_segment(*rest);
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
    return names;
}

std::string environment_name(std::string_view path) {
    std::string name = "CARETAKER_" + ascii_upper(path);
    for (char& c : name) {
        const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!kept) {
            c = '_';
        }
    }
    return name;
}

}  // namespace caretaker

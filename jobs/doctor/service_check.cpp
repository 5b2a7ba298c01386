// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/service_check.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/clients/http_settings.hpp"
#include "common/clients/kafka_settings.hpp"
#include "common/clients/search_engine.hpp"
#include "common/config/settings.hpp"
#include "common/http/http_date.hpp"
#include "common/json/json_document.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/doctor/clock_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::chrono::milliseconds longest_wait{5'000};
constexpr std::chrono::days certificate_notice{14};
constexpr std::size_t most_parallel = 16;

struct Probe {
    std::string_view service{};
    std::string_view path{};
};

constexpr std::array probes{
    Probe{"elasticsearch", "/"},
    Probe{"mesos", "/version"},
    Probe{"marathon", "/ping"},
    Probe{"chronos", "/ping"},
    Probe{"kibana", "/api/status"},
    Probe{"docker", "/_ping"},
    Probe{"logstash", "/"},
};

/// "Elasticsearch 8.6.2", or why the answer is not one of a search engine.
std::pair<CheckState, std::string> recognise_search_engine(const std::string& body) {
    // Caught because an answer of something else is what this check is to find.
    try {
        const JsonDocument document = JsonDocument::parse(body, "the answer to GET /");
        return {CheckState::ok, describe_engine(read_search_engine(document.root()))};
    } catch (const Error& error) {
        return {CheckState::failed, error.what()};
    }
}

CheckRow judge_status(std::string_view service,
                      const std::string& endpoint,
                      const HttpResponse& answer) {
    CheckRow row{.check = std::string(service),
                 .subject = endpoint,
                 .found = fmt::format("answers {} to GET {}", answer.status, probe_path(service))};
    if (answer.status == 401 || answer.status == 403) {
        row.state = CheckState::failed;
        row.advice = "check user, password_file and token_file, and the user's rights";
    } else if (answer.status >= 500) {
        row.state = CheckState::failed;
        row.advice = "look at the service's own log";
    } else if (answer.status >= 400) {
        row.state = CheckState::failed;
        row.advice =
            fmt::format("something answers there, but not as {}; check the address", service);
    } else if (service == "elasticsearch" && answer.ok()) {
        std::tie(row.state, row.found) = recognise_search_engine(answer.body);
        row.advice = row.state == CheckState::ok ? "" : "check the address";
    }
    return row;
}

CheckRows judge_certificate(const std::string& endpoint,
                            const HttpCertificate& certificate,
                            WallTime now) {
    if (!certificate.ends_at) {
        return {};
    }
    CheckRow row{
        .check = "tls",
        .subject = endpoint,
        .found = fmt::format(
            "{} is valid until {}", certificate.subject, format_rfc3339(*certificate.ends_at))};
    if (*certificate.ends_at <= now) {
        row.state = CheckState::failed;
        row.advice = "renew the certificate";
    } else if (*certificate.ends_at - now < certificate_notice) {
        row.state = CheckState::warning;
        row.advice = "renew the certificate soon";
    }
    return {row};
}

void append(CheckRows& rows, CheckRows more) {
    std::ranges::move(more, std::back_inserter(rows));
}

CheckRow describe_failure(std::string_view check, std::string subject, const Error& error) {
    CheckRow row{.check = std::string(check),
                 .subject = std::move(subject),
                 .state = CheckState::failed,
                 .found = error.what()};
    if (error.exit_code() == ExitCode::unreachable) {
        row.advice = "check the address, the network, and whether it runs";
    } else if (error.exit_code() == ExitCode::denied) {
        row.advice = "check the credentials and the certificate authority";
    }
    return row;
}

CheckRows ask_endpoints(const Context& context, std::string_view service, ServiceOptions options) {
    options.http.connect_timeout = std::min(options.http.connect_timeout, longest_wait);
    options.http.request_timeout = std::min(options.http.request_timeout, longest_wait);
    options.http.user_agent = fmt::format("caretaker/{} (doctor)", context.run.version);
    std::vector<HttpRequest> requests;
    for (const std::string& endpoint : options.endpoints) {
        requests.push_back({.url = endpoint + std::string(probe_path(service))});
    }
    std::map<std::size_t, CheckRows> by_endpoint;  // outcomes come in any order
    const auto client = context.connect.http(options.http, context.stop);
    client->send_all(requests, most_parallel, [&](std::size_t index, const HttpOutcome& outcome) {
        const std::string subject =
            options.http.unix_socket.empty() ? options.endpoints[index] : options.http.unix_socket;
        by_endpoint[index] = judge_answer(service, subject, outcome, context.clock.now());
    });
    CheckRows rows;
    for (auto& [index, more] : by_endpoint) {
        append(rows, std::move(more));
    }
    for (const std::string& warning : options.warnings) {
        rows.push_back({.check = "tls",
                        .subject = std::string(service),
                        .state = CheckState::warning,
                        .found = warning});
    }
    return rows;
}

CheckRows check_service(const Context& context,
                        const std::string& target,
                        std::string_view service) {
    if (context.settings.texts(fmt::format("targets.{}.{}.urls", target, service)).empty()) {
        return {};
    }
    // Caught because a service that cannot be asked must not keep the others from being asked.
    try {
        return ask_endpoints(
            context, service, load_http_options(context.settings, target, service));
    } catch (const Interrupted&) {
        throw;
    } catch (const Error& error) {
        return {describe_failure(service, target, error)};
    }
}

CheckRows check_kafka(const Context& context, const std::string& target) {
    // Caught because a cluster that cannot be asked must not keep the others from being asked.
    try {
        KafkaOptions options = load_kafka_target(context.settings, target);
        if (!names_kafka_brokers(options.properties)) {
            return {};
        }
        options.connect_timeout = std::min(options.connect_timeout, longest_wait);
        options.request_timeout = std::min(options.request_timeout, longest_wait);
        TopicNames names;
        const auto client = context.connect.kafka(options, context.stop);
        const ClusterMetadata cluster = client->fetch_metadata(names);
        return {{.check = "kafka",
                 .subject = target,
                 .found = fmt::format(
                     "{} brokers, {} topics", cluster.brokers.size(), cluster.topics.size())}};
    } catch (const Interrupted&) {
        throw;
    } catch (const Error& error) {
        return {describe_failure("kafka", target, error)};
    }
}

}  // namespace

std::string_view probe_path(std::string_view service) {
    const auto* found = std::ranges::find(probes, service, &Probe::service);
    return found == probes.end() ? "/" : found->path;
}

CheckRows judge_answer(std::string_view service,
                       const std::string& endpoint,
                       const HttpOutcome& outcome,
                       WallTime now) {
    if (const auto* error = std::get_if<HttpError>(&outcome)) {
        return {describe_failure(service, endpoint, *error)};
    }
    const auto& answer = std::get<HttpResponse>(outcome);
    CheckRows rows{judge_status(service, endpoint, answer)};
    if (answer.certificate) {
        append(rows, judge_certificate(endpoint, *answer.certificate, now));
    }
    if (const auto date = parse_http_date(answer.header("Date"))) {
        append(rows, judge_service_clock(endpoint, *date, now));
    }
    return rows;
}

CheckRows check_services(const Context& context, const std::string& target) {
    CheckRows rows = check_kafka(context, target);
    for (const Probe& probe : probes) {
        append(rows, check_service(context, target, probe.service));
    }
    if (rows.empty()) {
        rows.push_back({.check = "services",
                        .subject = target,
                        .state = CheckState::skipped,
                        .found = "none is configured"});
    }
    return rows;
}

}  // namespace caretaker

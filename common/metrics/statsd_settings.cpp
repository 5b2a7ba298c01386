// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

std::string dns_server_problem(std::string_view text) {
    return text.empty() || parse_ip_and_port(text)
               ? std::string()
               : fmt::format(
                     "'{}' is no address with a port; write it like 10.0.0.2:53 or [::1]:53", text);
}

std::optional<SocketAddress> dns_server(const Settings& settings) {
    const std::string text = settings.text("dns.server");
    if (const std::string problem = dns_server_problem(text); !problem.empty()) {
        throw UsageError(fmt::format("dns.server: {}", problem));
    }
    return parse_ip_and_port(text);
}

std::string statsd_address_problem(std::string_view text) {
    // Caught because a rule tells what is wrong beside other problems.
    try {
        parse_statsd_address(text);
        return {};
    } catch (const UsageError& error) {
        return error.what();
    }
}

}  // namespace

StatsdOptions statsd_options(const Settings& settings, const std::string& job) {
    if (settings.flag("statsd.histograms") && settings.text("statsd.dialect") != "dogstatsd") {
        throw UsageError(
            "statsd.histograms: only the dialect dogstatsd has histograms, and other servers take "
            "them for counters; set statsd.dialect to dogstatsd, or statsd.histograms to false");
    }
    return {
        .address = parse_statsd_address(settings.text("statsd.address")),
        .job = job,
        .max_payload = static_cast<std::size_t>(settings.integer("statsd.max_payload")),
        .resolve_timeout = settings.duration("statsd.resolve_timeout"),
        .dns_server = dns_server(settings),
    };
}

std::vector<ValueRule> statsd_value_rules() {
    return {
        {.key = "statsd.address",
         .problem = [](auto text, auto) { return statsd_address_problem(text); }},
        {.key = "dns.server", .problem = [](auto text, auto) { return dns_server_problem(text); }}};
}

StatsdNaming statsd_naming(const Settings& settings, const RunInfo& run) {
    return {
        .prefix = settings.text("statsd.prefix"),
        .job = run.job,
        .target = run.target,
        .host = settings.flag("statsd.host_segment") ? run.host : std::string(),
        .dry_run = run.dry_run,
        .dialect = parse_statsd_dialect(settings.text("statsd.dialect")),
        .histograms = settings.flag("statsd.histograms"),
    };
}

}  // namespace caretaker

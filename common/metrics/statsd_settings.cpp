// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

std::optional<SocketAddress> dns_server(const Settings& settings) {
    const std::string text = settings.text("dns.server");
    if (text.empty()) {
        return std::nullopt;
    }
    auto server = parse_ip_and_port(text);
    if (!server) {
        throw UsageError(fmt::format(
            "dns.server: '{}' is no address with a port; write it like 10.0.0.2:53 or [::1]:53",
            text));
    }
    return server;
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

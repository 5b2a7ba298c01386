// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/statsd_check.hpp"

#include "common/base/context.hpp"
#include "common/base/run_info.hpp"
#include "common/config/settings.hpp"
#include "common/metrics/statsd_ping.hpp"
#include "common/metrics/statsd_settings.hpp"

#include <fmt/format.h>

#include <string>

namespace caretaker {

namespace {

bool has_a_name(StatsdTransport transport) {
    return transport == StatsdTransport::udp || transport == StatsdTransport::tcp;
}

CheckRow judge_lookup(const StatsdPing& ping, const std::string& address) {
    CheckRow row{.check = "dns", .subject = address};
    if (ping.addresses.empty()) {
        row.state = CheckState::failed;
        row.found = ping.problem;
        row.advice = "check statsd.address and dns.server";
    } else {
        row.found = fmt::format("{}", fmt::join(ping.addresses, ", "));
    }
    return row;
}

CheckRow judge_delivery(const StatsdPing& ping, const std::string& address) {
    CheckRow row{.check = "statsd", .subject = address};
    if (!ping.problem.empty()) {
        row.state = CheckState::failed;
        row.found = ping.problem;
        row.advice = "start the server, or correct statsd.address; runs go on without metrics";
    } else {
        row.found = fmt::format("{} lines left this host and nobody refused them", ping.sent);
    }
    return row;
}

}  // namespace

CheckRows check_statsd(const Context& context) {
    const std::string address = context.settings.text("statsd.address");
    RunInfo run = context.run;
    run.target = run.target.empty() ? "default" : run.target;
    const StatsdOptions options = statsd_options(context.settings, run.job);
    if (options.address.transport == StatsdTransport::none) {
        return {{.check = "statsd",
                 .subject = "none",
                 .state = CheckState::skipped,
                 .found = "metrics are switched off",
                 .advice = "set statsd.address to have them"}};
    }
    const StatsdPing ping =
        ping_statsd(options, statsd_naming(context.settings, run), context.clock, context.stop);
    CheckRows rows;
    if (has_a_name(options.address.transport)) {
        rows.push_back(judge_lookup(ping, address));
    }
    rows.push_back(judge_delivery(ping, address));
    return rows;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The command `statsd`: its one subcommand, and what it reports.
#include "jobs/statsd/statsd_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/metrics/statsd_ping.hpp"
#include "common/metrics/statsd_settings.hpp"
#include "common/options/command_options.hpp"

#include <fmt/format.h>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "statsd",
    .summary = "Test whether metrics would arrive",
    .description =
        "A run never fails because of its metrics, so a wrong address stays unseen. `statsd ping` "
        "sends the counter `ping` twice to statsd.address, by the same way as a run does, and "
        "tells what became of it. Exit 7: the server cannot be found or refuses; exit 1: the file "
        "cannot be written. Over UDP nobody confirms anything: without a refusal the lines left "
        "this host, which is all that can be known here.",
    .examples =
        "  caretaker statsd ping\n"
        "      the configured server\n"
        "  caretaker statsd ping --statsd srv://_statsd._udp.marathon.mesos\n"
        "      another one, found by its SRV record\n"
        "  caretaker statsd ping --statsd tcp://statsd.marathon.mesos:8125\n"
        "      over TCP, where the connection proves that somebody listens\n",
    .kind = JobKind::inspect,
};

std::string_view words_for(StatsdTransport transport) {
    switch (transport) {
        case StatsdTransport::udp:
            return "udp";
        case StatsdTransport::tcp:
            return "tcp";
        case StatsdTransport::unix_datagram:
            return "unixgram";
        case StatsdTransport::file:
            return "file";
        case StatsdTransport::none:
            break;
    }
    return "none";
}

/// What success means with each transport.
std::string_view verdict_for(StatsdTransport transport) {
    switch (transport) {
        case StatsdTransport::udp:
            return "left this host and nobody refused them; UDP confirms nothing more";
        case StatsdTransport::tcp:
            return "the server took them";
        case StatsdTransport::unix_datagram:
            return "the socket took them";
        default:
            return "written";
    }
}

class StatsdJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        command.add_form("ping", "Send a metric on purpose and tell what became of it");
        command.require_form();
    }

    void configure(const Settings& settings, const std::string& /*target*/) override {
        options_ = statsd_options(settings, std::string(info.name));
        if (options_.address.transport == StatsdTransport::none) {
            throw UsageError(
                "statsd ping: metrics are switched off; set statsd.address, "
                "CARETAKER_STATSD_ADDRESS "
                "or --statsd");
        }
    }

    Report run(Context& context) override {
        RunInfo run = context.run;
        run.job = std::string(info.name);
        run.target = run.target.empty() ? "default" : run.target;
        const StatsdPing ping = ping_statsd(
            options_, statsd_naming(context.settings, run), context.clock, context.stop);
        context.stop.check();
        const StatsdTransport transport = options_.address.transport;
        if (!ping.problem.empty()) {
            throw RemoteError(transport == StatsdTransport::file ? RemoteFailure::failed
                                                                 : RemoteFailure::unreachable,
                              "statsd_undelivered",
                              ping.problem);
        }
        Report report{.summary = fmt::format("{} lines {}", ping.sent, verdict_for(transport))};
        report.table = {.columns = {{.key = "address", .heading = "ADDRESS"},
                                    {.key = "transport", .heading = "TRANSPORT"},
                                    {.key = "line", .heading = "LINE"},
                                    {.key = "sent", .heading = "SENT", .right = true},
                                    {.key = "result", .heading = "RESULT"}},
                        .rows = {{ping.addresses.empty() ? std::string() : ping.addresses.front(),
                                  std::string(words_for(transport)),
                                  ping.line,
                                  static_cast<std::int64_t>(ping.sent),
                                  std::string(verdict_for(transport))}}};
        return report;
    }

 private:
    StatsdOptions options_{};
};

}  // namespace

std::unique_ptr<Job> make_statsd_job() {
    return std::make_unique<StatsdJob>();
}

JobEntry statsd_job_entry() {
    return {.info = info, .make = make_statsd_job};
}

}  // namespace caretaker

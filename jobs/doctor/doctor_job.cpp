// SPDX-License-Identifier: Apache-2.0
// The command `doctor`: runs its checks one after the other, whatever becomes of any of them.
#include "jobs/doctor/doctor_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/base/stop_signal.hpp"
#include "common/base/version.hpp"
#include "common/config/settings.hpp"
#include "common/store/store.hpp"
#include "jobs/doctor/clock_check.hpp"
#include "jobs/doctor/doctor_view.hpp"
#include "jobs/doctor/lease_check.hpp"
#include "jobs/doctor/permission_check.hpp"
#include "jobs/doctor/process_check.hpp"
#include "jobs/doctor/service_check.hpp"
#include "jobs/doctor/statsd_check.hpp"
#include "jobs/doctor/store_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "doctor",
    .summary = "Check whether all that runs need is in order",
    .description =
        "Checks the configuration, the clock, the look-up of the StatsD server and the way to it, "
        "the store, the locks and leases, the services of each target, their certificates, and the "
        "permissions of files and of the Docker socket. Changes nothing but for two `ping` "
        "counters sent to StatsD. Exit 1 when a check failed, 0 when there are warnings at most.",
    .examples =
        "  caretaker doctor\n"
        "      on a new host, or when something is odd\n"
        "  caretaker doctor --target prod -o json\n"
        "      the services of one target only, for a script\n",
    .kind = JobKind::inspect,
    .tolerates = Tolerance::wrong_settings_and_store,
    .takes_nagios = true,
};

constexpr std::chrono::milliseconds store_time{2'000};
constexpr const char* docker_socket = "/var/run/docker.sock";

CheckRows check_configuration(const Context& context) {
    if (context.settings_problem.empty()) {
        return {{.check = "configuration", .found = "can be read"}};
    }
    return {{.check = "configuration",
             .state = CheckState::failed,
             .found = context.settings_problem,
             .advice = "correct it; what changes or checks something does not run meanwhile"}};
}

CheckRows check_clock(const Context& context) {
    ClockFacts facts{.now = context.clock.now(), .build_date = build_info().commit_date};
    if (context.store != nullptr) {
        facts.newest_end = context.store->newest_end(context.run.host);
    }
    return judge_clock(facts, fetch_clock_synchronised());
}

CheckRows check_store(const Context& context) {
    if (context.store != nullptr) {
        return judge_store(context.store->health(store_time),
                           context.settings.bytes("store.max_bytes"));
    }
    if (!context.store_problem.empty()) {
        return {{.check = "store",
                 .subject = context.settings.text("store.path"),
                 .state = CheckState::failed,
                 .found = context.store_problem}};
    }
    return {{.check = "store",
             .subject = context.settings.text("store.path"),
             .state = CheckState::skipped,
             .found = "there is none yet; the first run makes it"}};
}

CheckRows check_locks(const Context& context) {
    if (context.store == nullptr) {
        return {{.check = "lock",
                 .subject = "all jobs",
                 .state = CheckState::skipped,
                 .found = "who runs what is told by the store"}};
    }
    return judge_locks(context.store->runs_under_way(), context.run.host, context.clock.now());
}

/// One check; what it throws becomes its row, so that the others go on.
void add_check(CheckRows& rows, const std::string& name, const std::function<CheckRows()>& check) {
    try {
        std::ranges::move(check(), std::back_inserter(rows));
    } catch (const Interrupted&) {
        throw;
    } catch (const std::exception& error) {
        rows.push_back({.check = name, .state = CheckState::failed, .found = error.what()});
    }
}

class DoctorJob final : public Job {
 public:
    void describe(CommandOptions& /*command*/) override {}

    Report run(Context& context) override {
        CheckRows rows;
        add_check(rows, "configuration", [&] { return check_configuration(context); });
        add_check(rows, "clock", [&] { return check_clock(context); });
        add_check(rows, "statsd", [&] { return check_statsd(context); });
        add_check(rows, "store", [&] { return check_store(context); });
        add_check(rows, "lock", [&] { return check_locks(context); });
        for (const std::string& target : targets_of(context)) {
            context.stop.check();
            add_check(rows, "services", [&] { return check_services(context, target); });
            add_check(rows, "lease", [&] { return check_leases(context, target); });
        }
        add_check(rows, "permissions", [&] { return check_permissions(context.settings); });
        add_check(rows, "docker socket", [] { return check_docker_socket(docker_socket); });
        add_check(
            rows, "files in use", [&] { return check_files_in_use(context.settings, "/proc"); });
        const auto has = [&](CheckState state) {
            return std::ranges::find(rows, state, &CheckRow::state) != rows.end();
        };
        Report report{.outcome = has(CheckState::failed) ? Outcome::failed : Outcome::ok,
                      .summary = summarize_checks(rows),
                      .table = format_checks(rows)};
        report.nagios = has(CheckState::failed)    ? NagiosState::critical
                        : has(CheckState::warning) ? NagiosState::warning
                                                   : NagiosState::ok;
        return report;
    }

 private:
    static std::vector<std::string> targets_of(const Context& context) {
        const std::string& chosen = context.run.target;
        std::vector<std::string> targets = context.settings.targets();
        if (!chosen.empty() && chosen != "all") {
            const bool configured = std::ranges::find(targets, chosen) != targets.end();
            if (!configured) {
                throw UsageError(
                    fmt::format("choosing the target: '{}' is not configured", chosen));
            }
            return {chosen};
        }
        return targets;
    }
};

}  // namespace

std::unique_ptr<Job> make_doctor_job() {
    return std::make_unique<DoctorJob>();
}

JobEntry doctor_job_entry() {
    return {.info = info, .make = make_doctor_job};
}

}  // namespace caretaker

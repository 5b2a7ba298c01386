// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/lease_check.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/clients/http_settings.hpp"
#include "common/clients/lease_index.hpp"
#include "common/config/settings.hpp"
#include "common/http/service_http.hpp"
#include "common/text/duration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait{5'000};
constexpr const char* check_name = "lease";

CheckRow judge_lease(const Lease& lease, WallTime now, milliseconds ttl) {
    CheckRow row{.check = check_name, .subject = fmt::format("{} {}", lease.lock, lease.target)};
    const std::string run = short_run_id(lease.owner);
    const milliseconds left = lease.expires_at - now;
    if (left + lease_margin < milliseconds(0)) {
        row.found = fmt::format(
            "free: that of run {} on {} ended {} ago", run, lease.host, format_duration(-left));
        return row;
    }
    row.found =
        fmt::format("held by run {} on {} for {}, {}",
                    run,
                    lease.host,
                    format_duration(std::max(milliseconds(0), now - lease.started_at)),
                    left < milliseconds(0) ? fmt::format("ended {} ago", format_duration(-left))
                                           : fmt::format("ends in {}", format_duration(left)));
    if (left > ttl + lease_margin) {
        row.state = CheckState::warning;
        row.advice = fmt::format("compare the clock of {} with this one, and lock.ttl", lease.host);
    } else if (left < milliseconds(0)) {
        row.state = CheckState::warning;
        row.advice = "nothing: its run has died, or cannot reach the server; it is free soon";
    }
    return row;
}

}  // namespace

CheckRows judge_leases(const std::optional<std::vector<Lease>>& leases,
                       const std::string& target,
                       WallTime now,
                       milliseconds ttl) {
    if (!leases) {
        return {{.check = check_name,
                 .subject = target,
                 .found = fmt::format("there is no index {} yet; the first run makes it",
                                      LeaseIndex::name)}};
    }
    CheckRows rows;
    for (const Lease& lease : *leases) {
        rows.push_back(judge_lease(lease, now, ttl));
    }
    if (rows.empty()) {
        rows.push_back({.check = check_name, .subject = target, .found = "no lease is held"});
    }
    return rows;
}

CheckRows check_leases(const Context& context, const std::string& target) {
    const Settings& settings = context.settings;
    if (settings.text("lock.backend") != "elasticsearch") {
        return {};
    }
    const std::string urls = fmt::format("targets.{}.elasticsearch.urls", target);
    if (settings.texts(urls).empty()) {
        return {{.check = check_name,
                 .subject = target,
                 .state = CheckState::warning,
                 .found = "lock.backend is elasticsearch, and this target has none",
                 .advice = fmt::format("write its address to {}", urls)}};
    }
    ServiceOptions service = load_http_options(settings, target, "elasticsearch");
    service.http.connect_timeout = std::min(service.http.connect_timeout, longest_wait);
    service.http.request_timeout = std::min(service.http.request_timeout, longest_wait);
    service.warnings.clear();  // told where the service is checked
    Context asking{.clock = context.clock,
                   .connect = context.connect,
                   .store = nullptr,
                   .log = context.log,
                   .settings = settings,
                   .stop = context.stop,
                   .run = context.run,
                   .deadline = context.clock.steady()};
    ServiceHttp http(service, asking);
    return judge_leases(
        LeaseIndex(http).list(target), target, context.clock.now(), settings.duration("lock.ttl"));
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_statsd.hpp"

#include "common/config/settings.hpp"

namespace caretaker {

StatsdOptions statsd_options(const Settings& settings, const RunInfo& run) {
    return {
        .address = parse_statsd_address(settings.text("statsd.address")),
        .job = run.job,
        .max_payload = static_cast<std::size_t>(settings.integer("statsd.max_payload")),
        .resolve_timeout = settings.duration("statsd.resolve_timeout"),
    };
}

StatsdNaming statsd_naming(const Settings& settings, const RunInfo& run) {
    return {
        .prefix = settings.text("statsd.prefix"),
        .job = run.job,
        .target = run.target,
        .host = settings.flag("statsd.host_segment") ? run.host : std::string(),
    };
}

}  // namespace caretaker

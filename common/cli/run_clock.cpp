// SPDX-License-Identifier: Apache-2.0
#include "common/cli/run_clock.hpp"

#include "common/base/version.hpp"
#include "common/store/store.hpp"

namespace caretaker {

Connectors watch_clocks(const Connectors& connect, Clock& clock, ServiceClocks& clocks) {
    return {
        .kafka = connect.kafka,
        .http = [&connect, &clock, &clocks](const HttpOptions& options, const StopSignal& stop) {
            return watch_service_clock(connect.http(options, stop), options.service, clock, clocks);
        }};
}

ClockFacts gather_clock_facts(const Context& context, const ServiceClocks& clocks) {
    ClockFacts facts{.now = context.clock.now(), .build_date = build_info().commit_date};
    if (context.store != nullptr) {
        facts.newest_end = context.store->newest_end(context.run.host);
    }
    if (const auto& offset = clocks.largest()) {
        facts.service = offset->service;
        facts.ahead = offset->ahead;
    }
    return facts;
}

}  // namespace caretaker

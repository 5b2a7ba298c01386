// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_signal.hpp"

namespace caretaker {

std::optional<SeenUse> find_latest_use(const std::vector<KibanaSignal>& signals,
                                       const std::string& app) {
    std::optional<SeenUse> latest;
    for (const KibanaSignal& signal : signals) {
        const auto found = signal.latest.find(app);
        if (found != signal.latest.end() && (!latest || found->second > latest->at)) {
            latest = {.at = found->second, .source = signal.name};
        }
    }
    return latest;
}

WatchSpans watched_by(const std::vector<KibanaSignal>& signals, const std::string& app) {
    WatchSpans watched;
    for (const KibanaSignal& signal : signals) {
        watched.add(signal.watched);
        const auto found = signal.watched_of.find(app);
        if (found != signal.watched_of.end()) {
            watched.add(found->second);
        }
    }
    return watched;
}

}  // namespace caretaker

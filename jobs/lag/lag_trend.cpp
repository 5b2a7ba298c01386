// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_trend.hpp"

#include "common/store/store.hpp"
#include "common/text/sparkline.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

namespace caretaker {

std::string draw_lag_trend(const Store& store,
                           const std::string& target,
                           const GroupLag& group,
                           WallTime now,
                           bool ascii) {
    constexpr std::size_t most = 10;
    if (!group.totals.sum.lag) {
        return {};
    }
    const std::array labels{Label{"group", group.group.name}};
    std::vector<double> lags;
    for (const SamplePoint& point :
         store.samples("lag.lag", target, labels, now - std::chrono::hours(1))) {
        lags.push_back(point.last);
    }
    if (lags.empty()) {
        return {};
    }
    lags.push_back(static_cast<double>(*group.totals.sum.lag));
    const std::span all(lags);
    return format_sparkline(all.size() > most ? all.last(most) : all, ascii);
}

}  // namespace caretaker

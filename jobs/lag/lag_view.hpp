// SPDX-License-Identifier: Apache-2.0
// What of a run is shown: which view, and which of its rows.
#pragma once

#include "jobs/lag/lag_row_filter.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace caretaker {

enum class LagView : std::uint8_t { group, topic, partition, member, state };

struct LagViewOptions {
    LagView view = LagView::group;
    LagRowFilter filter{};
    /// The lag of a group in the last runs as a small picture; empty: not shown. Only of the view
    /// by group.
    std::function<std::string(const GroupLag&)> trend{};
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// What is told to the owners of Kibanas, and to whoever else listens. No IO.
#pragma once

#include "jobs/kibana/recycle_model.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

namespace event_kind {
inline constexpr std::string_view notice = "kibana.notice";
inline constexpr std::string_view suspended = "kibana.suspended";
inline constexpr std::string_view resumed = "kibana.resumed";
inline constexpr std::string_view destroy_notice = "kibana.destroy_notice";
inline constexpr std::string_view destroyed = "kibana.destroyed";
inline constexpr std::string_view restored = "kibana.restored";
inline constexpr std::string_view brake = "kibana.brake";
inline constexpr std::string_view signal_lost = "kibana.signal_lost";
}  // namespace event_kind

struct KibanaEvent {
    std::string id{};  // stays the same however often it is sent
    std::string kind{};
    WallTime at{};
    std::string app{};  // empty: it is about the fleet
    AppLabels labels{};
    std::string verdict{};
    std::string reason{};
    std::optional<WallTime> idle_since{};
    std::optional<WallTime> deadline{};
    std::string run{};  // its uid
};

/// JSON; with `text`, a sentence that chat hooks show.
std::string format_kibana_event(const KibanaEvent& event);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// What is told to the owners of Kibanas, and to whoever else listens. No IO.
#pragma once

#include "jobs/kibana/recycle_model.hpp"

#include <chrono>
#include <cstdint>
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

/// What a decision stands on.
struct KibanaEvidence {
    std::optional<WallTime> last_use{};
    std::string seen_by{};             // "access_log"
    std::int64_t watched_percent = 0;  // of `idle_after`, by all signals together
    std::chrono::milliseconds idle_after{0};
};

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
    std::optional<KibanaEvidence> evidence{};  // none of the fleet's
    std::string run{};                         // its uid
};

/// JSON; with `text`, a sentence that chat hooks show.
std::string format_kibana_event(const KibanaEvent& event);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Under which keys a run keeps what it saw, for the run after it and for `lag explain`.
#pragma once

#include "common/store/job_memory.hpp"

#include <string_view>

namespace caretaker {

inline constexpr std::string_view windows_kind = "window";
inline constexpr std::string_view ends_kind = "ends";
inline constexpr std::string_view gone_kind = "gone";

/// The windows of a group on a topic.
inline MemoryKey windows_key(std::string_view group, std::string_view topic) {
    return {.kind = windows_kind, .name = group, .part = topic};
}

/// The ends of a topic's logs.
inline MemoryKey ends_key(std::string_view topic) {
    return {.kind = ends_kind, .name = topic};
}

/// There while a group is gone that was told of as gone.
inline MemoryKey gone_key(std::string_view group) {
    return {.kind = gone_kind, .name = group};
}

/// Its time is that of the last run, its body the id of that run's cluster.
inline constexpr MemoryKey last_run_key{.kind = "run"};

}  // namespace caretaker

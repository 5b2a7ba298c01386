// SPDX-License-Identifier: Apache-2.0
// The reasons for which an agent takes no instance of an app.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace caretaker {

/// Why an agent takes no instance; the first that applies. From `role` on these are Marathon's own,
/// in the order of its checks and by its names.
enum class Refusal : std::uint8_t {
    none,
    unavailable,  // its state
    dust,
    quota,  // of its role nothing is left
    role,
    constraint,
    maintenance,
    cpus,
    mem,
    disk,
    gpus,
    ports,
    scarce,  // GPUs that an app without need of them leaves alone
};

inline constexpr std::size_t refusal_count = 13;

/// "Unavailable", "Dust", "UnfulfilledRole", …
std::string_view to_string(Refusal refusal);

}  // namespace caretaker

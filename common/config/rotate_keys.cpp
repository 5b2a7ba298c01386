// SPDX-License-Identifier: Apache-2.0
#include "common/config/rotate_keys.hpp"

#include <array>

namespace caretaker {

namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t day = 24 * hour;

constexpr std::array keys{
    KeySpec{.path = "rotate.require_snapshot",
            .type = ValueType::text_list,
            .help = "Repositories; an index is deleted only when a snapshot in one of them holds "
                    "all of it."},
    KeySpec{.path = "rotate.snapshot_grace",
            .type = ValueType::duration,
            .fallback = "1h",
            .help = "How long after the time in its name an index may still be written to, which a "
                    "snapshot must have waited for.",
            .min = 0,
            .max = 366 * day},
    KeySpec{.path = "rotate.delete_until",
            .help = "Indices are deleted, of those that an action's filters leave the oldest "
                    "first, only until the disk of every node is below that: the cluster's "
                    "watermark low, high or flood_stage, a percentage such as 80%, or what has to "
                    "stay free, such as 50gb."},
    KeySpec{.path = "rotate.batch_size",
            .type = ValueType::integer,
            .fallback = "0",
            .help = "How many indices an action changes before it pauses; 0: it does not.",
            .min = 0,
            .max = 1'000'000},
    KeySpec{.path = "rotate.batch_pause",
            .type = ValueType::duration,
            .fallback = "0s",
            .help = "How long it pauses.",
            .min = 0,
            .max = hour},
    KeySpec{.path = "rotate.snapshot_wait",
            .type = ValueType::duration,
            .fallback = "0s",
            .help = "How long an action waits for a running snapshot that keeps indices from being "
                    "deleted or closed, before it gives those up.",
            .min = 0,
            .max = day},
};

}  // namespace

std::span<const KeySpec> rotate_keys() {
    return keys;
}

}  // namespace caretaker

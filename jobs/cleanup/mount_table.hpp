// SPDX-License-Identifier: Apache-2.0
// What is mounted where, as /proc/self/mountinfo tells it (proc(5)). No IO.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct Mount {
    std::int64_t id = 0;
    std::string point{};  // absolute path, as bytes
    std::string type{};   // "ext4"

    friend bool operator==(const Mount&, const Mount&) = default;
};

/// Reads the text; lines that are not of that form are left out.
std::vector<Mount> parse_mount_table(std::string_view text);

/// The mounts at or below `directory`, an absolute path.
std::vector<Mount> mounts_below(const std::vector<Mount>& mounts, std::string_view directory);

/// /proc/self/mountinfo at this moment.
std::vector<Mount> read_mount_table();

}  // namespace caretaker

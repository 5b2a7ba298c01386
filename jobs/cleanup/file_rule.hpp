// SPDX-License-Identifier: Apache-2.0
// What a rule of `caretaker cleanup` says about files, as values.
#pragma once

#include "common/text/path_pattern.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// What stands in a directory. Devices are never looked at.
enum class EntryType : std::uint8_t { file, symlink, fifo, socket, directory, other };

enum class AgeBy : std::uint8_t { mtime, atime, ctime, birth, newest };

enum class GroupBy : std::uint8_t { dir, root, rule };

enum class OpenFiles : std::uint8_t { skip, truncate, ignore };

/// Shares of a file system, its space or its inodes, that are to be free, in percent.
struct FreeSpaceLimits {
    double low = 0;   // below it the oldest go
    double high = 0;  // until that is reached
};

/// How much a run takes of the host.
struct Pace {
    std::size_t workers_max = 8;
    int nice = 10;                 // 0: as it was started
    std::size_t rate_files = 0;    // deletions a second; 0: no limit
    std::uint64_t rate_bytes = 0;  // freed by them a second; 0: no limit
};

struct FileRule {
    std::string name{};
    std::vector<std::string> roots{};  // absolute; may hold wildcards
    std::vector<PathPattern> match{};
    std::vector<PathPattern> exclude{};
    std::vector<EntryType> types{};
    std::optional<std::chrono::milliseconds> older_than{};
    AgeBy age_by = AgeBy::mtime;
    std::uint64_t min_size = 0;               // bytes, inclusive
    std::optional<std::uint64_t> max_size{};  // bytes, inclusive
    int min_depth = 1;
    int max_depth = 32;
    std::int64_t keep_newest = 0;  // 0: none
    GroupBy group_by = GroupBy::dir;
    std::optional<std::uint64_t> max_total_size{};  // bytes on disk
    std::optional<FreeSpaceLimits> free_space{};
    std::optional<FreeSpaceLimits> free_inodes{};
    std::chrono::milliseconds min_age{};
    OpenFiles open_files = OpenFiles::skip;
    std::uint64_t truncate_over = 0;  // bytes; larger ones alone are emptied
    bool only_empties = false;        // deletes nothing, and asks for no age
    bool remove_empty_dirs = false;
    std::vector<PathPattern> keep_dirs{};
    bool takes_trees = false;  // judges the directories below its roots as wholes
    bool needs_roots = false;  // a root that is not there is a failure
    bool allow_root = false;
    std::vector<std::string> allow_fs{};
    std::int64_t max_entries = 5'000'000;

    [[nodiscard]] bool relieves_pressure() const { return free_space || free_inodes; }

    /// Whether what stays has to be held beside what may go.
    [[nodiscard]] bool compares_entries() const {
        return keep_newest > 0 || max_total_size.has_value() || relieves_pressure();
    }
};

}  // namespace caretaker

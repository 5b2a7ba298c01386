// SPDX-License-Identifier: Apache-2.0
// What is said about files, and why they go or stay. No IO.
#pragma once

#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"

#include <cstdint>
#include <string>

namespace caretaker {

/// Why the entry goes or stays: "34 d old, older than 7d". `now` in nanoseconds since 1970.
std::string reason_of(const FileRule& rule, const TreeEntry& entry, std::int64_t now);

/// The same for a directory that goes.
std::string reason_of(const TreeDirectory& directory, std::int64_t now);

/// "10 % free space or 5 % free inodes": what a disk under pressure has not. Of a rule with such a
/// limit.
std::string pressure_words(const FileRule& rule);

/// Why many go at once: "1000 entries older than 7d, rule app-logs".
std::string reason_of_many(const FileRule& rule, std::size_t entries, bool of_directories);

/// "done", "gone", "changed", "failed: EPERM (…)" or, before anything was tried, "planned".
std::string describe_result(Result result, std::uint8_t error);

/// How much is freed on disk once the entry is gone.
std::int64_t freed_bytes(const TreeEntry& entry);

inline constexpr const char* unlink_kind = "unlink";
inline constexpr const char* rmdir_kind = "rmdir";
inline constexpr const char* tree_kind = "tree";
inline constexpr const char* truncate_kind = "truncate";

/// The kind of the action on an entry.
inline const char* kind_of(const TreeEntry& entry) {
    return entry.type == EntryType::directory       ? tree_kind
           : entry.verdict == EntryVerdict::emptied ? truncate_kind
                                                    : unlink_kind;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Which journal mode of SQLite suits the file system that the store lies on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace caretaker {

enum class JournalOption { automatic, wal, truncate };

enum class FileSystemKind { local, overlay, tmpfs, network };

struct FileSystem {
    FileSystemKind kind = FileSystemKind::local;
    std::string_view name{};  // "NFS", "tmpfs", …; "local" for everything that is not listed
};

/// Tells a file system by the `f_type` of statfs(2).
FileSystem classify_file_system(std::int64_t magic);

/// The file system under `path`. An unreadable one counts as local: opening the store tells more.
FileSystem fetch_file_system(const std::filesystem::path& path);

/// "wal", or "truncate" where processes on several hosts may share the file: WAL keeps its index in
/// shared memory, which does not reach beyond one host (https://sqlite.org/wal.html).
std::string_view journal_mode_for(JournalOption option, FileSystemKind kind);

/// What an operator should know about a store on such a file system; empty when nothing.
std::string file_system_warning(const FileSystem& file_system, std::string_view path);

}  // namespace caretaker

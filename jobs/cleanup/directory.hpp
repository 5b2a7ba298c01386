// SPDX-License-Identifier: Apache-2.0
// Directories by descriptor: what stands between the names of a tree and somebody who exchanges
// them. No path is ever put together, and neither a symbolic link nor a mount point is entered.
#pragma once

#include "common/base/fd.hpp"
#include "jobs/cleanup/file_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// What the kernel knows of an entry; times in nanoseconds since 1970.
struct FileFacts {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    EntryType type = EntryType::other;
    bool sticky = false;
    std::uint32_t links = 0;
    std::uint64_t size = 0;       // apparent, bytes
    std::uint64_t allocated = 0;  // on disk, bytes
    std::int64_t atime = 0;
    std::int64_t mtime = 0;
    std::int64_t ctime = 0;
    std::int64_t birth = 0;  // 0 where the file system keeps none
    bool immutable = false;
    bool append_only = false;
    bool mount_root = false;     // something is mounted here; not told by kernels before 5.8
    std::uint64_t mount_id = 0;  // 0: not told, by kernels before 5.8
};

/// Looks at `name` in `directory`, or at `directory` itself where `name` is empty. Nothing is
/// mounted or followed for it. Returns 0 or an errno.
int look_at(int directory, const char* name, FileFacts& facts);

/// What a file system has of something, as df(1) counts: `free` is what may be used, `total` that
/// and what is used.
struct DiskShare {
    std::uint64_t free = 0;
    std::uint64_t total = 0;
};

struct DiskSpace {
    std::uint64_t device = 0;
    DiskShare bytes{};
    DiskShare inodes{};  // 0 in all where the file system has no such limit
};

/// A descriptor, or the errno that kept it.
struct OpenedDirectory {
    Fd fd{};
    int error = 0;
};

/// The file system that an open directory lies on; nothing free and nothing in all where it does
/// not tell.
DiskSpace disk_space_of(int directory);

class DirectoryOpener {
 public:
    /// Without openat2(2), as on kernels before 5.6 and where a sandbox forbids it.
    static DirectoryOpener without_openat2() { return DirectoryOpener(false); }

    DirectoryOpener() = default;

    /// The directory `name` in `parent`. ELOOP or ENOTDIR: it is no directory; EXDEV: something is
    /// mounted on it.
    OpenedDirectory open_child(int parent, const char* name);

    /// The directory of that absolute path, component by component; ELOOP where one of them is a
    /// symbolic link. Mounts on the way are entered.
    OpenedDirectory open_absolute(std::string_view path);

 private:
    explicit DirectoryOpener(bool has_openat2) : has_openat2_(has_openat2) {}

    static OpenedDirectory open_plainly(int parent, const char* name);

    bool has_openat2_ = true;
    bool proven_openat2_ = false;  // it has worked
};

/// Reads the entries of directories, each without `.` and `..`.
class DirectoryReader {
 public:
    /// Calls `visit(name, type)` for each entry; the name ends with a zero byte and lives as long
    /// as the call. The type is nothing where the file system does not tell. Returns 0 or an errno.
    template <typename Visitor>
    int read(int directory, const Visitor& visit) {
        for (;;) {
            const std::ptrdiff_t size = fill(directory);
            if (size <= 0) {
                return static_cast<int>(-size);
            }
            for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
                const Record record = record_at(at);
                at += record.size;
                if (record.name != "." && record.name != "..") {
                    visit(record.name, record.type);
                }
            }
        }
    }

 private:
    struct Record {
        std::string_view name{};
        std::optional<EntryType> type{};
        std::size_t size = 0;
    };

    /// The number of bytes read, 0 at the end, or a negative errno.
    std::ptrdiff_t fill(int directory);
    [[nodiscard]] Record record_at(std::size_t at) const;

    static constexpr std::size_t buffer_size = 64 * 1024;
    std::vector<char> buffer_ = std::vector<char>(buffer_size);
};

/// "EPERM" and the like, with what it means.
std::string describe_errno(int error);

}  // namespace caretaker

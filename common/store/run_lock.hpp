// SPDX-License-Identifier: Apache-2.0
// The sign of life of a run: one locked byte of a file that all runs of a store share.
#pragma once

#include "common/base/fd.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace caretaker {

/// The file of locks that the stores of one directory share.
std::string run_lock_path(const std::string& store_path);

/// Bytes that no run's id reaches, for work that one process at a time may do to a store.
inline constexpr std::int64_t pruning_lock = std::numeric_limits<std::int64_t>::max() - 1;
inline constexpr std::int64_t migration_lock = std::numeric_limits<std::int64_t>::max() - 2;

/// An open-file-description lock (fcntl(2), F_OFD_SETLK) on the byte at the run's id. It falls away
/// with the process however that ends, and unlike a process id it means the same in every container
/// that mounts the directory.
class RunLock {
 public:
    /// `run` is the run's id, or one of the bytes above. Nothing when another run holds that byte.
    /// The file is created when missing. StoreError when the file cannot be opened or its file
    /// system has no locks.
    static std::optional<RunLock> take(const std::string& path, std::int64_t run);

    /// All bytes at once: nothing when any process holds any of them.
    static std::optional<RunLock> take_all(const std::string& path);

 private:
    explicit RunLock(Fd file) : file_(std::move(file)) {}

    static std::optional<RunLock> take_bytes(const std::string& path,
                                             std::int64_t first,
                                             std::int64_t count);

    Fd file_;
};

/// Asks which runs are alive.
class RunLockTable {
 public:
    /// A missing file means that none is.
    explicit RunLockTable(const std::string& path);

    /// Whether some process (this one counts too) holds the run's byte.
    [[nodiscard]] bool is_held(std::int64_t run) const;

 private:
    std::string path_;
    Fd file_;
};

}  // namespace caretaker

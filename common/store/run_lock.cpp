// SPDX-License-Identifier: Apache-2.0
#include "common/store/run_lock.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace caretaker {

namespace {

struct flock lock_of(std::int64_t offset, std::int64_t length = 1) {
    struct flock lock {};

    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset;
    lock.l_len = length;  // 0: to the end
    return lock;
}

[[noreturn]] void fail(const std::string& path, const char* doing) {
    throw StoreError(
        fmt::format("{} {}: {}; check that this user may write to the directory of the store, and "
                    "that its file system has locks",
                    doing,
                    path,
                    std::strerror(errno)),
        "store_lock");
}

}  // namespace

std::string run_lock_path(const std::string& store_path) {
    return std::filesystem::path(store_path).parent_path() / "runs.lock";
}

std::optional<RunLock> RunLock::take(const std::string& path, std::int64_t run) {
    return take_bytes(path, run, 1);
}

std::optional<RunLock> RunLock::take_all(const std::string& path) {
    return take_bytes(path, 0, 0);
}

std::optional<RunLock> RunLock::take_bytes(const std::string& path,
                                           std::int64_t first,
                                           std::int64_t count) {
    Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR | S_IRGRP));
    if (!file) {
        fail(path, "opening the locks of runs");
    }
    struct flock lock = lock_of(first, count);
    if (::fcntl(file.get(), F_OFD_SETLK, &lock) == 0) {
        return RunLock(std::move(file));
    }
    if (errno == EAGAIN || errno == EACCES) {
        return std::nullopt;
    }
    fail(path, "locking a run in");
}

RunLockTable::RunLockTable(const std::string& path)
    : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (!file_ && errno != ENOENT) {
        fail(path, "opening the locks of runs");
    }
}

bool RunLockTable::is_held(std::int64_t run) const {
    if (!file_) {
        return false;
    }
    struct flock lock = lock_of(run);
    if (::fcntl(file_.get(), F_OFD_GETLK, &lock) != 0) {
        fail(path_, "asking for a lock in");
    }
    return lock.l_type != F_UNLCK;
}

}  // namespace caretaker

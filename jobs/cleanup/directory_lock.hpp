// SPDX-License-Identifier: Apache-2.0
// The lock that a process holds on a directory to say that it works in it.
#pragma once

#include <sys/file.h>

#include <cerrno>

namespace caretaker {

/// Takes the exclusive lock (flock(2)) on an open directory, if nobody else has any, for as long as
/// it lives.
class DirectoryLock {
 public:
    explicit DirectoryLock(int fd) : fd_(fd) {
        locked_ = flock(fd, LOCK_EX | LOCK_NB) == 0;
        by_other_ = !locked_ && errno == EWOULDBLOCK;
    }

    ~DirectoryLock() {
        if (locked_) {
            flock(fd_, LOCK_UN);
        }
    }

    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

    [[nodiscard]] bool is_held_by_other() const { return by_other_; }

 private:
    int fd_;
    bool locked_ = false;
    bool by_other_ = false;
};

}  // namespace caretaker

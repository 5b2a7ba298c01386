// SPDX-License-Identifier: Apache-2.0
// The directories that a run works in, open and locked, shared by its threads.
#pragma once

#include "common/base/fd.hpp"
#include "jobs/cleanup/inode_id.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace caretaker {

class HeldDirectories;

/// Lets its directory go when it ends; the last one of a directory unlocks it.
class HeldDirectory {
 public:
    HeldDirectory() = default;

    HeldDirectory(HeldDirectory&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), id_(other.id_), fd_(other.fd_) {}

    HeldDirectory& operator=(HeldDirectory&& other) noexcept {
        std::swap(owner_, other.owner_);
        std::swap(id_, other.id_);
        std::swap(fd_, other.fd_);
        return *this;
    }

    HeldDirectory(const HeldDirectory&) = delete;
    HeldDirectory& operator=(const HeldDirectory&) = delete;
    ~HeldDirectory();

    /// Open as long as this lives; -1 where nothing is held.
    [[nodiscard]] int fd() const { return fd_; }

 private:
    friend class HeldDirectories;

    HeldDirectory(HeldDirectories& owner, InodeId id, int fd)
        : owner_(&owner), id_(std::move(id)), fd_(fd) {}

    HeldDirectories* owner_ = nullptr;
    InodeId id_{};
    int fd_ = -1;
};

/// A lock belongs to an open file: two of ours on one directory would keep each other out, so all
/// who work in it share the first. Outlives what it hands out.
class HeldDirectories {
 public:
    /// Holds the directory with an exclusive flock(2), by `fd` or by what is open already. Nothing
    /// where another process has a lock on it.
    std::optional<HeldDirectory> hold(const InodeId& id, Fd fd);

 private:
    friend class HeldDirectory;

    struct Held {
        Fd fd{};
        std::size_t holders = 0;
    };

    void let_go(const InodeId& id);

    std::mutex mutex_{};
    std::map<InodeId, Held> held_{};
};

}  // namespace caretaker

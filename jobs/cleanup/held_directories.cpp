// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/held_directories.hpp"

#include <sys/file.h>

#include <cerrno>

namespace caretaker {

HeldDirectory::~HeldDirectory() {
    if (owner_ != nullptr) {
        owner_->let_go(id_);
    }
}

std::optional<HeldDirectory> HeldDirectories::hold(const InodeId& id, Fd fd) {
    const std::lock_guard lock(mutex_);
    auto found = held_.find(id);
    if (found == held_.end()) {
        // Where there are no locks, nobody has any.
        if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            return std::nullopt;
        }
        found = held_.emplace(id, Held{.fd = std::move(fd)}).first;
    }
    ++found->second.holders;
    return HeldDirectory(*this, id, found->second.fd.get());
}

/// Closing it lets the lock go, before anybody else of ours may ask for one.
void HeldDirectories::let_go(const InodeId& id) {
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(id);
    if (--found->second.holders == 0) {
        held_.erase(found);
    }
}

}  // namespace caretaker

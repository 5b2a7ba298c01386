// SPDX-License-Identifier: Apache-2.0
// Who is to be woken when something changes.
#pragma once

#include "tests/sandbox/loopback_socket.hpp"

#include <mutex>
#include <vector>

namespace caretaker::sandbox {

/// Safe to use from any thread.
class WakeUpList {
 public:
    void wake_all() {
        const std::lock_guard lock(mutex_);
        for (WakeUp* const waiter : waiters_) {
            waiter->wake();
        }
    }

    /// On the list as long as it lives.
    class Entry {
     public:
        explicit Entry(WakeUpList& list) : list_(list) {
            const std::lock_guard lock(list_.mutex_);
            list_.waiters_.push_back(&wake_up_);
        }

        ~Entry() {
            const std::lock_guard lock(list_.mutex_);
            std::erase(list_.waiters_, &wake_up_);
        }

        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

        [[nodiscard]] WakeUp& wake_up() { return wake_up_; }

     private:
        WakeUpList& list_;
        WakeUp wake_up_{};
    };

 private:
    std::mutex mutex_{};
    std::vector<WakeUp*> waiters_{};
};

}  // namespace caretaker::sandbox

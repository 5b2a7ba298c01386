// SPDX-License-Identifier: Apache-2.0
// A copy of the test process that does one thing, for tests about several processes and their end.
#pragma once

#include "common/base/fd.hpp"

#include <sys/types.h>

#include <functional>
#include <string>

namespace caretaker {

/// Lent to the body of a forked process.
class ParentLink {
 public:
    explicit ParentLink(int fd) : fd_(fd) {}

    /// Gives the parent one byte; see ForkedProcess::wait_for_byte().
    void signal() const;

    /// Sleeps until the parent kills this process.
    [[noreturn]] static void wait_for_end();

 private:
    int fd_;
};

/// Runs `body` in a child and then ends it without destructors. The child is killed and reaped by
/// the destructor if it was not before.
class ForkedProcess {
 public:
    explicit ForkedProcess(const std::function<void(const ParentLink&)>& body);
    ~ForkedProcess();
    ForkedProcess(ForkedProcess&&) noexcept;
    ForkedProcess& operator=(ForkedProcess&&) = delete;

    /// Waits until the child signalled once more; false when it ended instead.
    [[nodiscard]] bool wait_for_byte() const;

    /// SIGKILL, and waits for the end.
    void kill();

    /// Waits for the end; empty when `body` returned, else the text of its exception.
    std::string wait();

 private:
    void reap();

    pid_t pid_ = -1;
    Fd bytes_;
    Fd errors_;
};

/// `body` in a process of its own: empty when it returned, else the text of its exception.
std::string run_forked(const std::function<void()>& body);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The errors that end an item or a run. Thrown where the world is met; caught by the per-item loop
// of a job, by the runner and by main, nowhere else without a comment that says why.
#pragma once

#include "common/base/exit_code.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace caretaker {

/// An error with the exit code that it means for the process and a short stable word for machines.
/// Messages read: what we were doing: what happened; what to try.
class Error : public std::runtime_error {
 public:
    Error(ExitCode exit_code, std::string code, const std::string& message);

    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

    [[nodiscard]] ExitCode exit_code() const noexcept { return exit_code_; }

    /// A stable word such as "kafka_unreachable"; stored with the run.
    [[nodiscard]] const std::string& code() const noexcept { return code_; }

    /// Puts "`context`: " before the message; rethrow with `throw;` so that the type survives.
    void add_context(std::string_view context);

 private:
    ExitCode exit_code_;
    std::string code_;
    std::string message_;
};

/// A wrong flag, file or setting: exit 2, nothing was started.
class UsageError : public Error {
 public:
    explicit UsageError(const std::string& message) : Error(ExitCode::usage, "usage", message) {}
};

/// How a request to a service failed.
enum class RemoteFailure {
    failed,       // the service answered with an error: exit 1
    unreachable,  // no answer after all retries: exit 7
    denied,       // authentication, permission or TLS refused: exit 10
};

/// A service did not do what it was asked.
class RemoteError : public Error {
 public:
    RemoteError(RemoteFailure failure, std::string code, const std::string& message);

    [[nodiscard]] RemoteFailure failure() const noexcept { return failure_; }

    /// Whether the service may have begun what it was asked to do. Unless whoever throws knows
    /// better: where it is unreachable.
    [[nodiscard]] bool may_have_arrived() const noexcept { return may_have_arrived_; }

    void set_may_have_arrived(bool yes) noexcept { may_have_arrived_ = yes; }

 private:
    RemoteFailure failure_;
    bool may_have_arrived_;
};

/// The store cannot be opened, read or written: exit 9.
class StoreError : public Error {
 public:
    explicit StoreError(const std::string& message, std::string code = "store")
        : Error(ExitCode::store, std::move(code), message) {}
};

/// Another run of the same job and target holds the lock: exit 6 if the caller wants it so.
class BusyError : public Error {
 public:
    explicit BusyError(const std::string& message) : Error(ExitCode::locked, "locked", message) {}
};

/// A signal asked the run to end: exit 128 + signal; or its time limit did (`signal` is
/// StopSignal::time_limit): exit 8; or the loss of its lease (StopSignal::lease_lost): exit 5.
class Interrupted : public Error {
 public:
    explicit Interrupted(int signal);

    [[nodiscard]] int signal() const noexcept { return signal_; }

 private:
    int signal_;
};

}  // namespace caretaker

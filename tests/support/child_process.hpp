// SPDX-License-Identifier: Apache-2.0
// A program started by a test: its output kept, its end awaited, and never left running.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::testing {

/// Where an output stream of a child goes.
struct Output {
    enum class To { capture, file, descriptor };

    To to = To::capture;
    std::string path{};   // for To::file: created or truncated; also a device such as /dev/full
    int descriptor = -1;  // for To::descriptor: stays the caller's

    static Output captured() { return {}; }

    static Output file(std::string path) { return {To::file, std::move(path), -1}; }

    static Output fd(int descriptor) { return {To::descriptor, {}, descriptor}; }
};

/// What to start. A program name without a slash is looked up in PATH.
struct Command {
    std::vector<std::string> argv{};
    /// Added to the environment, or taken out of it where the value is unset.
    std::vector<std::pair<std::string, std::optional<std::string>>> environment{};
    bool inherit_environment = true;
    std::string directory{};    // empty: the test's own
    std::string input{};        // standard input, at most 64 KiB; ends after it
    int input_descriptor = -1;  // standard input instead of `input`; stays the caller's
    Output out{};
    Output err{};
};

struct ExitStatus {
    int code = 0;    // of exit(); 128 + signal where a signal ended the process
    int signal = 0;  // 0 unless a signal ended the process
    std::chrono::microseconds cpu{0};
    long max_rss_kib = 0;
};

/// A running program in a process group of its own. The destructor kills the whole group; the
/// kernel kills the program if the test process dies, provided that the thread which started it
/// still lives.
class ChildProcess {
 public:
    /// Throws std::system_error when the program cannot be started.
    explicit ChildProcess(const Command& command);
    ~ChildProcess();
    ChildProcess(ChildProcess&&) noexcept;
    ChildProcess& operator=(ChildProcess&&) noexcept;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const;

    /// To the program alone; nothing happens when it has ended.
    void signal(int number) const;

    /// Unset when the program still runs after `timeout`. After an end all captured output is
    /// there.
    std::optional<ExitStatus> wait(std::chrono::milliseconds timeout);

    /// SIGKILL to the group, and the status after it.
    ExitStatus kill();

    /// What was captured so far.
    [[nodiscard]] std::string out() const;
    [[nodiscard]] std::string err() const;

    /// Waits until `text` stands in a captured stream. False when the program ended or `timeout`
    /// passed before.
    [[nodiscard]] bool wait_for_output(std::string_view text,
                                       std::chrono::milliseconds timeout) const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

struct Finished {
    ExitStatus status{};
    std::string out{};
    std::string err{};
};

/// Runs a program to its end. Throws std::runtime_error with all its output when `timeout` passes,
/// and when it is ours and printed JSON that is not of its schema (printed_json.hpp).
Finished run_command(const Command& command,
                     std::chrono::milliseconds timeout = std::chrono::seconds(60));

}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.hpp"

#include "common/base/fd.hpp"
#include "tests/support/printed_json.hpp"
#include "tests/support/spawn.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace caretaker::testing {

namespace {

using Deadline = std::chrono::steady_clock::time_point;

[[noreturn]] void throw_errno(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

struct Pipe {
    Fd read;
    Fd write;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw_errno("making a pipe");
    }
    return {Fd(ends[0]), Fd(ends[1])};
}

std::vector<std::string> make_environment(const Command& command) {
    std::map<std::string, std::string> variables;
    if (command.inherit_environment) {
        for (char** entry = environ; *entry != nullptr; ++entry) {
            const std::string_view text = *entry;
            const auto equals = text.find('=');
            variables[std::string(text.substr(0, equals))] =
                equals == std::string_view::npos ? "" : text.substr(equals + 1);
        }
    }
    for (const auto& [name, value] : command.environment) {
        if (value) {
            variables[name] = *value;
        } else {
            variables.erase(name);
        }
    }
    std::vector<std::string> entries;
    for (const auto& [name, value] : variables) {
        entries.push_back(name + "=" + value);
    }
    return entries;
}

/// One captured stream: the parent's end and what came out of it.
struct Capture {
    Fd fd{};
    std::string text{};
};

/// The descriptor that the child writes to; `owned` and `capture` keep what must stay open.
int open_output(const Output& output, Fd& owned, Capture& capture) {
    switch (output.to) {
        case Output::To::descriptor:
            return output.descriptor;
        case Output::To::file:
            owned = Fd(::open(output.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
            break;
        case Output::To::capture: {
            Pipe pipe = make_pipe();
            capture.fd = std::move(pipe.read);
            owned = std::move(pipe.write);
            break;
        }
    }
    if (!owned) {
        throw_errno("opening " + output.path);
    }
    return owned.get();
}

Fd open_input(const std::string& text) {
    Pipe pipe = make_pipe();
    if (::write(pipe.write.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw_errno("writing a child's input");
    }
    return std::move(pipe.read);
}

int poll_timeout(Deadline deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

ExitStatus to_exit_status(int status, const rusage& usage) {
    const auto to_micros = [](const timeval& time) {
        return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
    };
    ExitStatus result;
    result.cpu = to_micros(usage.ru_utime) + to_micros(usage.ru_stime);
    result.max_rss_kib = usage.ru_maxrss;
    if (WIFSIGNALED(status)) {
        result.signal = WTERMSIG(status);
        result.code = 128 + result.signal;
    } else {
        result.code = WEXITSTATUS(status);
    }
    return result;
}

}  // namespace

struct ChildProcess::State {
    explicit State(const Command& command);
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void read_output();
    void stop_reader();
    void forget_process();

    pid_t pid = -1;
    Fd pidfd;
    std::optional<ExitStatus> status;

    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    std::array<Capture, 2> captures;  // standard output, standard error
    bool reading = true;

    Fd stop;
    std::thread reader;
};

ChildProcess::State::State(const Command& command) {
    const Fd input = open_input(command.input);
    Fd out_end;
    Fd err_end;
    const bool own_input = command.input_descriptor < 0;
    const std::array<int, 3> streams{own_input ? input.get() : command.input_descriptor,
                                     open_output(command.out, out_end, captures[0]),
                                     open_output(command.err, err_end, captures[1])};
    pid = spawn(command.argv, make_environment(command), command.directory, streams);
    // Not pidfd_open(): the header of glibc 2.36 declares it without C linkage.
    pidfd = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    stop = Fd(::eventfd(0, EFD_CLOEXEC));
    reader = std::thread([this] { read_output(); });
}

ChildProcess::State::~State() {
    if (!status) {
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    forget_process();
    stop_reader();
}

/// Ends what the program left behind in its group.
void ChildProcess::State::forget_process() {
    ::kill(-pid, SIGKILL);
}

void ChildProcess::State::stop_reader() {
    if (reader.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(stop.get(), &one, sizeof one);
        reader.join();
    }
}

/// The reader thread: both streams until their ends, or until `stop` while nothing is to be read.
void ChildProcess::State::read_output() {
    std::array<char, 65536> buffer{};
    while (captures[0].fd || captures[1].fd) {
        std::array<pollfd, 3> watched{{{captures[0].fd.get(), POLLIN, 0},
                                       {captures[1].fd.get(), POLLIN, 0},
                                       {stop.get(), POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), -1) < 0) {
            continue;
        }
        bool idle = true;
        for (std::size_t i = 0; i < captures.size(); ++i) {
            if (!captures[i].fd || watched[i].revents == 0) {
                continue;
            }
            idle = false;
            const ssize_t count = ::read(captures[i].fd.get(), buffer.data(), buffer.size());
            if (count <= 0) {
                captures[i].fd.reset();
                continue;
            }
            const std::lock_guard lock(mutex);
            captures[i].text.append(buffer.data(), static_cast<std::size_t>(count));
            changed.notify_all();
        }
        if (idle && watched[2].revents != 0) {
            break;  // something outside the group still holds the pipe open
        }
    }
    const std::lock_guard lock(mutex);
    reading = false;
    changed.notify_all();
}

ChildProcess::ChildProcess(const Command& command) : state_(std::make_unique<State>(command)) {}

ChildProcess::~ChildProcess() = default;
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;

pid_t ChildProcess::pid() const {
    return state_->pid;
}

void ChildProcess::signal(int number) const {
    if (!state_->status) {
        ::kill(state_->pid, number);
    }
}

std::optional<ExitStatus> ChildProcess::wait(std::chrono::milliseconds timeout) {
    if (state_->status) {
        return state_->status;
    }
    const Deadline deadline = std::chrono::steady_clock::now() + timeout;
    pollfd watched{state_->pidfd.get(), POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&watched, 1, poll_timeout(deadline));
    } while (ready < 0 && errno == EINTR);
    if (ready <= 0) {
        return std::nullopt;
    }
    int status = 0;
    rusage usage{};
    // The group is ended while the zombie still holds its number.
    state_->forget_process();
    ::wait4(state_->pid, &status, 0, &usage);
    state_->status = to_exit_status(status, usage);
    state_->stop_reader();
    return state_->status;
}

ExitStatus ChildProcess::kill() {
    if (!state_->status) {
        ::kill(-state_->pid, SIGKILL);
    }
    return wait(std::chrono::seconds(30)).value();
}

std::string ChildProcess::out() const {
    const std::lock_guard lock(state_->mutex);
    return state_->captures[0].text;
}

std::string ChildProcess::err() const {
    const std::lock_guard lock(state_->mutex);
    return state_->captures[1].text;
}

bool ChildProcess::wait_for_output(std::string_view text, std::chrono::milliseconds timeout) const {
    std::unique_lock lock(state_->mutex);
    const auto seen = [&] {
        return std::ranges::any_of(state_->captures, [&](const Capture& capture) {
            return capture.text.find(text) != std::string::npos;
        });
    };
    state_->changed.wait_for(lock, timeout, [&] { return seen() || !state_->reading; });
    return seen();
}

Finished run_command(const Command& command, std::chrono::milliseconds timeout) {
    ChildProcess child(command);
    const auto status = child.wait(timeout);
    if (!status) {
        child.kill();
        throw std::runtime_error(fmt::format("{} did not end within {} ms\n{}\n{}",
                                             command.argv.at(0),
                                             timeout.count(),
                                             child.out(),
                                             child.err()));
    }
    Finished finished{*status, child.out(), child.err()};
    if (finished.status.signal == 0) {
        require_its_schema(command.argv, finished.out);
    }
    return finished;
}

}  // namespace caretaker::testing

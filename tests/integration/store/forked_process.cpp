// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/store/forked_process.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

std::pair<Fd, Fd> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        throw std::system_error(errno, std::generic_category(), "making a pipe");
    }
    return {Fd(ends[0]), Fd(ends[1])};
}

void write_text(int fd, const std::string& text) {
    [[maybe_unused]] const auto written = ::write(fd, text.data(), text.size());
}

}  // namespace

void ParentLink::signal() const {
    write_text(fd_, ".");
}

void ParentLink::wait_for_end() {
    while (true) {
        ::pause();
    }
}

ForkedProcess::ForkedProcess(const std::function<void(const ParentLink&)>& body) {
    auto [bytes, byte_end] = make_pipe();
    auto [errors, error_end] = make_pipe();
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::system_error(errno, std::generic_category(), "forking");
    }
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        // Caught because an exception must not unwind into the copy of the test program.
        try {
            body(ParentLink(byte_end.get()));
        } catch (const std::exception& error) {
            write_text(error_end.get(), error.what());
            ::_exit(1);
        }
        ::_exit(0);
    }
    bytes_ = std::move(bytes);
    errors_ = std::move(errors);
}

ForkedProcess::ForkedProcess(ForkedProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      bytes_(std::move(other.bytes_)),
      errors_(std::move(other.errors_)) {}

ForkedProcess::~ForkedProcess() {
    kill();
}

bool ForkedProcess::wait_for_byte() const {
    char byte = 0;
    return ::read(bytes_.get(), &byte, 1) == 1;
}

void ForkedProcess::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        reap();
    }
}

std::string ForkedProcess::wait() {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::read(errors_.get(), buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    const bool returned = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return returned || !text.empty() ? text : "ended with status " + std::to_string(status);
}

void ForkedProcess::reap() {
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

std::string run_forked(const std::function<void()>& body) {
    return ForkedProcess([&](const ParentLink&) { body(); }).wait();
}

}  // namespace caretaker

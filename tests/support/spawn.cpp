// SPDX-License-Identifier: Apache-2.0
#include "tests/support/spawn.hpp"

#include "common/base/fd.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace caretaker::testing {

namespace {

std::vector<char*> as_pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::string resolve_program(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        return name;
    }
    if (const auto path = find_program(name)) {
        return *path;
    }
    throw std::system_error(ENOENT, std::generic_category(), "starting " + name);
}

/// Everything the child needs between fork and exec, where nothing may be allocated.
struct Launch {
    const char* program = nullptr;
    const char* directory = nullptr;
    char* const* argv = nullptr;
    char* const* environment = nullptr;
    std::array<int, 3> streams{};
    int failure_report = -1;
    pid_t parent = 0;
};

[[noreturn]] void report_failure(const Launch& launch) {
    const int error = errno;
    [[maybe_unused]] const auto written = ::write(launch.failure_report, &error, sizeof error);
    ::_exit(127);
}

[[noreturn]] void exec_child(const Launch& launch) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != launch.parent) {
        ::_exit(127);  // the parent died before the line above
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    for (int target = 0; target < 3; ++target) {
        if (::dup2(launch.streams[static_cast<std::size_t>(target)], target) < 0) {
            report_failure(launch);
        }
    }
    if (*launch.directory != '\0' && ::chdir(launch.directory) != 0) {
        report_failure(launch);
    }
    ::execve(launch.program, launch.argv, launch.environment);
    report_failure(launch);
}

}  // namespace

pid_t spawn(std::vector<std::string> argv,
            std::vector<std::string> environment,
            const std::string& directory,
            const std::array<int, 3>& streams) {
    const std::string program = resolve_program(argv.at(0));
    const std::vector<char*> argv_pointers = as_pointers(argv);
    const std::vector<char*> environment_pointers = as_pointers(environment);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "making a pipe");
    }
    const Fd failure(ends[0]);
    Fd failure_report(ends[1]);
    const Launch launch{program.c_str(),
                        directory.c_str(),
                        argv_pointers.data(),
                        environment_pointers.data(),
                        streams,
                        failure_report.get(),
                        ::getpid()};

    const pid_t pid = ::fork();
    if (pid < 0) {
        throw std::system_error(errno, std::generic_category(), "starting " + program);
    }
    if (pid == 0) {
        exec_child(launch);
    }
    ::setpgid(pid, pid);  // in both processes, so that neither has to wait for the other
    failure_report.reset();
    int error = 0;
    if (::read(failure.get(), &error, sizeof error) == sizeof error) {
        ::waitpid(pid, nullptr, 0);
        throw std::system_error(error, std::generic_category(), "starting " + program);
    }
    return pid;
}

std::optional<std::string> find_program(std::string_view name) {
    const char* path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
    while (!rest.empty()) {
        const auto colon = rest.find(':');
        const std::string candidate = fmt::format("{}/{}", rest.substr(0, colon), name);
        if (::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
        rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
    }
    return std::nullopt;
}

}  // namespace caretaker::testing

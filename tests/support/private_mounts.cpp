// SPDX-License-Identifier: Apache-2.0
#include "tests/support/private_mounts.hpp"

#include "tests/support/child_process.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace caretaker::testing {

namespace {

std::string result_of(int failed, const std::string& doing) {
    return failed == 0 ? std::string()
                       : fmt::format("{}: {}", doing, std::generic_category().message(errno));
}

std::string run(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    try {
        const Finished finished = run_command(command);
        return finished.status.code == 0
                   ? std::string()
                   : fmt::format("{}: {}", command.argv.front(), finished.err);
    } catch (const std::exception& error) {  // the program is not installed
        return fmt::format("{}: {}", command.argv.front(), error.what());
    }
}

}  // namespace

PrivateMounts::PrivateMounts() {
    if (unshare(CLONE_NEWNS) != 0) {
        problem_ = result_of(-1, "a mount namespace needs root");
        return;
    }
    problem_ = result_of(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr),
                         "making mounts private");
}

PrivateMounts::~PrivateMounts() {
    for (auto point = points_.rbegin(); point != points_.rend(); ++point) {
        umount2(point->c_str(), MNT_DETACH);
    }
}

std::string PrivateMounts::add(const std::string& from,
                               const std::string& at,
                               const char* type,
                               unsigned long flags,
                               const std::string& options) {
    if (mount(from.c_str(), at.c_str(), type, flags, options.c_str()) != 0) {
        return result_of(-1, "mounting on " + at);
    }
    points_.push_back(at);
    return {};
}

std::string PrivateMounts::bind(const std::string& from, const std::string& to) {
    return add(from, to, nullptr, MS_BIND, "");
}

std::string PrivateMounts::remount_read_only(const std::string& at) {
    return result_of(mount("none", at.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr),
                     "mounting read-only");
}

std::string PrivateMounts::tmpfs(const std::string& at, const std::string& options) {
    std::filesystem::create_directories(at);
    return add("test", at, "tmpfs", 0, options);
}

std::string PrivateMounts::overlay(const std::string& lower,
                                   const std::string& upper,
                                   const std::string& work,
                                   const std::string& at) {
    for (const std::string& directory : {lower, upper, work, at}) {
        std::filesystem::create_directories(directory);
    }
    return add("test",
               at,
               "overlay",
               0,
               fmt::format("lowerdir={},upperdir={},workdir={}", lower, upper, work));
}

std::string PrivateMounts::loop(const std::string& type,
                                const std::string& file,
                                const std::string& at,
                                const std::vector<std::string>& options) {
    constexpr std::uintmax_t size = std::uintmax_t{512} << 20U;  // xfs takes no less than 300 MiB
    std::ofstream(file) << "";
    std::filesystem::resize_file(file, size);
    std::filesystem::create_directories(at);
    std::vector<std::string> make{fmt::format("/sbin/mkfs.{}", type), "-q"};
    make.insert(make.end(), options.begin(), options.end());
    make.push_back(file);
    if (std::string problem = run(std::move(make)); !problem.empty()) {
        return problem;
    }
    std::string problem = run({"/bin/mount", "-o", "loop", file, at});
    if (problem.empty()) {
        points_.push_back(at);
    }
    return problem;
}

}  // namespace caretaker::testing

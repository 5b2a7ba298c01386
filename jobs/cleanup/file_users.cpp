// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/file_users.hpp"

#include "jobs/cleanup/file_writers.hpp"
#include "jobs/cleanup/process_scan.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <set>
#include <string_view>

namespace caretaker {

namespace {

std::string describe_user(std::string_view process, std::string_view descriptor) {
    const auto flags =
        parse_open_flags(read_process_file(process, fmt::format("fdinfo/{}", descriptor)));
    const bool reads = flags && (*flags & O_ACCMODE) == O_RDONLY;
    return fmt::format("open {}by {}",
                       !flags  ? ""
                       : reads ? "for reading "
                               : "for writing ",
                       describe_process(process));
}

}  // namespace

std::string describe_file_users(InodeId file) {
    constexpr std::size_t most = 5;
    const std::string self = std::to_string(getpid());
    std::set<std::string> users;
    bool mapped = false;
    static_cast<void>(scan_processes(
        [&](std::string_view process, std::string_view descriptor, InodeId one) {
            if (one == file && process != self && users.size() < most) {
                users.insert(describe_user(process, descriptor));
            }
        },
        [&](std::string_view, InodeId one) { mapped = mapped || one == file; }));
    if (users.empty() && mapped) {
        return "mapped by a process";
    }
    return fmt::format("{}", fmt::join(users, ", "));
}

}  // namespace caretaker

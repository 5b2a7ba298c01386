// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/mount_holders.hpp"

#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/process_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

namespace caretaker {

std::optional<std::string> busy_path(std::string_view message) {
    const std::size_t end = message.find(": device or resource busy");
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    message = message.substr(0, end);
    message.remove_prefix(std::min(message.rfind(' ') + 1, message.size()));
    return message.starts_with('/') ? std::optional<std::string>(message) : std::nullopt;
}

std::string describe_mount_holders(std::string_view path) {
    constexpr std::size_t most = 3;
    std::set<std::string> namespaces;  // those looked at
    std::vector<std::string> holders;
    std::vector<std::string> processes = list_processes();
    std::ranges::sort(processes, {}, [](const std::string& process) {
        return std::pair(process.size(), std::string_view(process));
    });
    for (const std::string& process : processes) {
        std::error_code error;
        const std::string name = std::filesystem::read_symlink(
            fmt::format("{}/{}/ns/mnt", proc_folder(), process), error);
        if (error || !namespaces.insert(name).second || holders.size() == most) {
            continue;
        }
        const std::vector<Mount> mounts =
            parse_mount_table(read_process_file(process, "mountinfo"));
        if (!mounts_below(mounts, path).empty()) {
            holders.push_back(describe_process(process));
        }
    }
    return fmt::format("{}", fmt::join(holders, ", "));
}

}  // namespace caretaker

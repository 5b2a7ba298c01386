// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/mount_holders.hpp"

#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/mount_table.hpp"
#include "jobs/cleanup/process_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <vector>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<int> list_processes() {
    std::vector<int> processes;
    std::error_code ignored;  // what cannot be listed holds nothing that we could tell
    for (fs::directory_iterator at(proc_folder(), ignored), end; !ignored && at != end;
         at.increment(ignored)) {
        const std::string name = at->path().filename();
        constexpr std::size_t longest = 9;  // fits an int
        if (!name.empty() && name.size() <= longest &&
            std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) {
            processes.push_back(std::stoi(name));
        }
    }
    std::ranges::sort(processes);
    return processes;
}

}  // namespace

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
    for (const int process : list_processes()) {
        const fs::path folder = fs::path(proc_folder()) / std::to_string(process);
        std::error_code error;
        const std::string name = fs::read_symlink(folder / "ns/mnt", error);
        if (error || !namespaces.insert(name).second || holders.size() == most) {
            continue;
        }
        if (!mounts_below(parse_mount_table(text_of(folder / "mountinfo")), path).empty()) {
            std::string command = text_of(folder / "comm");
            command.resize(command.find_last_not_of('\n') + 1);
            holders.push_back(fmt::format("pid {} ({})", process, escape_bytes(command)));
        }
    }
    return fmt::format("{}", fmt::join(holders, ", "));
}

}  // namespace caretaker

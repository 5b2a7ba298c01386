// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/process_scan.hpp"

#include "common/base/fd.hpp"
#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/directory.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace caretaker {

namespace {

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

#ifndef NDEBUG
const char* folder_of_test() {
    return std::getenv("CARETAKER_TEST_PROC");
}
#else
const char* folder_of_test() {
    return nullptr;
}
#endif

/// Whether /proc shows the processes of the whole host.
bool sees_all_processes() {
    if (folder_of_test() != nullptr) {
        return true;
    }
    // The inode of the first PID namespace (PROC_PID_INIT_INO of the kernel).
    constexpr std::string_view first_namespace = "pid:[4026531836]";
    std::array<char, 64> text{};
    const ssize_t size = readlink("/proc/self/ns/pid", text.data(), text.size());
    return std::string_view(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))) ==
           first_namespace;
}

bool is_denied(int error) {
    return error == EACCES || error == EPERM;
}

/// Calls `visit(directory, name)` for each entry that is a number; false where that is denied. A
/// process that has ended meanwhile has none.
template <typename Visitor>
bool for_each_number(const std::string& directory, const Visitor& visit) {
    const Fd fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        return !is_denied(errno);
    }
    DirectoryReader reader;
    const int error = reader.read(fd.get(), [&](std::string_view name, std::optional<EntryType>) {
        if (is_number(name)) {
            visit(fd.get(), name);
        }
    });
    return !is_denied(error);
}

}  // namespace

std::string proc_folder() {
    const char* const folder = folder_of_test();
    return folder == nullptr ? "/proc" : folder;
}

std::vector<std::string> list_processes() {
    std::vector<std::string> processes;
    // Where nothing can be listed, nothing is known of any.
    static_cast<void>(for_each_number(
        proc_folder(), [&](int, std::string_view process) { processes.emplace_back(process); }));
    return processes;
}

std::string read_process_file(std::string_view process, std::string_view name) {
    std::ifstream file(fmt::format("{}/{}/{}", proc_folder(), process, name));
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string describe_process(std::string_view process) {
    std::string command = read_process_file(process, "comm");
    command.resize(command.find_last_not_of('\n') + 1);
    return fmt::format("pid {} ({})", process, escape_bytes(command));
}

bool scan_processes(
    const std::function<void(std::string_view process, std::string_view descriptor, InodeId file)>&
        on_descriptor,
    const std::function<void(std::string_view line, InodeId file)>& on_mapping) {
    if (!sees_all_processes()) {
        return false;
    }
    const std::string proc = proc_folder();
    bool denied = false;
    const auto add_process = [&](int, std::string_view process) {
        const auto add_descriptor = [&](int directory, std::string_view number) {
            struct stat facts {};

            if (fstatat(directory, number.data(), &facts, 0) == 0) {
                on_descriptor(process,
                              number,
                              {(std::uint64_t{major(facts.st_dev)} << 32U) | minor(facts.st_dev),
                               facts.st_ino});
            } else {
                denied = denied || is_denied(errno);
            }
        };
        denied = !for_each_number(fmt::format("{}/{}/fd", proc, process), add_descriptor) || denied;
        std::ifstream maps(fmt::format("{}/{}/maps", proc, process));
        for (std::string line; std::getline(maps, line);) {
            if (const auto id = parse_mapping(line)) {
                on_mapping(line, *id);
            }
        }
    };
    return for_each_number(proc, add_process) && !denied;
}

std::optional<InodeId> parse_mapping(std::string_view line) {
    // address perms offset major:minor inode path
    for (int field = 0; field < 3; ++field) {
        const std::size_t blank = line.find(' ');
        if (blank == std::string_view::npos) {
            return std::nullopt;
        }
        line.remove_prefix(blank + 1);
    }
    const char* const end = line.data() + line.size();
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    std::uint64_t inode = 0;
    const auto colon = std::from_chars(line.data(), end, major, 16);
    if (colon.ec != std::errc{} || colon.ptr == end || *colon.ptr != ':') {
        return std::nullopt;
    }
    const auto blank = std::from_chars(colon.ptr + 1, end, minor, 16);
    if (blank.ec != std::errc{} || blank.ptr == end || *blank.ptr != ' ') {
        return std::nullopt;
    }
    if (std::from_chars(blank.ptr + 1, end, inode).ec != std::errc{} || inode == 0) {
        return std::nullopt;
    }
    return InodeId((major << 32U) | minor, inode);
}

}  // namespace caretaker

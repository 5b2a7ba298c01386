// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/open_files.hpp"

#include "common/base/fd.hpp"
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
#include <fstream>
#include <string>

namespace caretaker {

namespace {

/// What a lease tells; nothing where there are none for this file.
std::optional<FileUse> ask_by_lease(int directory, const char* name) {
    constexpr int flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;
    Fd file(openat(directory, name, flags | O_NOATIME));
    if (!file && errno == EPERM) {
        file = Fd(openat(directory, name, flags));
    }
    if (!file) {
        if (errno == ENOENT) {
            return FileUse::free;
        }
        return errno == EWOULDBLOCK ? std::optional(FileUse::in_use) : std::nullopt;
    }
    if (fcntl(file.get(), F_SETLEASE, F_WRLCK) == 0) {
        fcntl(file.get(), F_SETLEASE, F_UNLCK);
        return FileUse::free;
    }
    return errno == EAGAIN ? std::optional(FileUse::in_use) : std::nullopt;
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether /proc shows the processes of the whole host.
bool sees_all_processes() {
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

std::optional<std::pair<std::uint64_t, std::uint64_t>> parse_mapping(std::string_view line) {
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
    return std::pair((major << 32U) | minor, inode);
}

OpenFileProbe::OpenFileProbe() {
    struct sigaction ignore {};

    ignore.sa_handler = SIG_IGN;
    sigaction(SIGIO, &ignore, &before_);
}

OpenFileProbe::~OpenFileProbe() {
    sigaction(SIGIO, &before_, nullptr);
}

FileUse OpenFileProbe::probe(
    int directory, const char* name, std::uint64_t device, std::uint64_t inode, bool is_overlay) {
    const auto by_lease = ask_by_lease(directory, name);
    if (by_lease && (*by_lease == FileUse::in_use || !is_overlay)) {
        return *by_lease;
    }
    return look_up(device, inode);
}

FileUse OpenFileProbe::look_up(std::uint64_t device, std::uint64_t inode) {
    if (!scanned_) {
        scanned_ = true;
        open_ = scan_processes();
    }
    if (!open_) {
        return FileUse::unknown;
    }
    return open_->contains({device, inode}) ? FileUse::in_use : FileUse::free;
}

std::optional<OpenFileProbe::FileIds> OpenFileProbe::scan_processes() {
    if (!sees_all_processes()) {
        return std::nullopt;
    }
    FileIds ids;
    bool denied = false;
    const auto add_descriptor = [&](int directory, std::string_view number) {
        struct stat facts {};

        if (fstatat(directory, number.data(), &facts, 0) == 0) {
            ids.emplace((std::uint64_t{major(facts.st_dev)} << 32U) | minor(facts.st_dev),
                        facts.st_ino);
        } else {
            denied = denied || is_denied(errno);
        }
    };
    const auto add_process = [&](int, std::string_view process) {
        denied = !for_each_number(fmt::format("/proc/{}/fd", process), add_descriptor) || denied;
        std::ifstream maps(fmt::format("/proc/{}/maps", process));
        for (std::string line; std::getline(maps, line);) {
            if (const auto id = parse_mapping(line)) {
                ids.insert(*id);
            }
        }
    };
    const bool complete = for_each_number("/proc", add_process) && !denied;
    return complete ? std::optional(std::move(ids)) : std::nullopt;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/open_files.hpp"

#include "common/base/fd.hpp"

#include <fcntl.h>

#include <cerrno>
#include <string_view>

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

}  // namespace

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
        open_ = find_open_files();
    }
    if (!open_) {
        return FileUse::unknown;
    }
    return open_->contains({device, inode}) ? FileUse::in_use : FileUse::free;
}

std::optional<OpenFileProbe::FileIds> OpenFileProbe::find_open_files() {
    FileIds ids;
    const bool complete =
        scan_processes([&](std::string_view, std::string_view, InodeId file) { ids.insert(file); },
                       [&](std::string_view, InodeId file) { ids.insert(file); });
    return complete ? std::optional(std::move(ids)) : std::nullopt;
}

}  // namespace caretaker

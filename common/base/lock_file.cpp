// SPDX-License-Identifier: Apache-2.0
#include "common/base/lock_file.hpp"

#include "common/base/error.hpp"
#include "common/text/stable_hash.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace caretaker {

namespace {

std::string clean(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, 64)) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_';
        out += kept ? c : '_';
    }
    return out;
}

StoreError lock_error(const std::filesystem::path& path, std::string_view what, int error) {
    return StoreError(
        fmt::format("taking the lock {}: {}: {}; check the directory's owner and mode",
                    path.string(),
                    what,
                    std::generic_category().message(error)),
        "lock");
}

/// A directory for locks made by one user must not shut out others that may use the one above it.
void open_as_parent(const std::filesystem::path& directory) {
    struct stat parent {};

    if (::stat(directory.parent_path().c_str(), &parent) == 0) {
        ::chmod(directory.c_str(), parent.st_mode & 07777U);  // at worst it stays as it was made
    }
}

Fd open_lock_file(const std::filesystem::path& path) {
    const std::filesystem::path directory = path.parent_path();
    if (::mkdir(directory.c_str(), 0755) == 0) {  // if that fails, so does open(), with its reason
        open_as_parent(directory);
    }
    constexpr int flags = O_CLOEXEC | O_NOFOLLOW;
    Fd file(::open(path.c_str(), O_RDWR | O_CREAT | flags, 0644));
    if (!file && errno == EACCES) {
        // Another user's: it can be locked all the same, only not say whose the lock is.
        file = Fd(::open(path.c_str(), O_RDONLY | flags));
    }
    if (!file) {
        throw lock_error(path, "cannot open it", errno);
    }
    return file;
}

/// False when someone else holds the lock.
bool try_lock(const Fd& file, const std::filesystem::path& path) {
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return false;
        }
        if (errno != EINTR) {
            throw lock_error(path, "cannot lock it", errno);
        }
    }
    return true;
}

/// Whether the open file is still the one that the path names: a tidy-up of /tmp may have taken it
/// away between open and lock.
bool is_still_there(const Fd& file, const std::filesystem::path& path) {
    struct stat opened {};

    struct stat named {};

    return ::fstat(file.get(), &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

std::string read_text(const Fd& file) {
    std::array<char, 4096> buffer{};
    const auto length = ::pread(file.get(), buffer.data(), buffer.size(), 0);
    std::string text(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

/// The text is for people only, so a full disk does not stop the run.
void write_text(const Fd& file, const std::string& text) {
    if (::ftruncate(file.get(), 0) == 0) {
        [[maybe_unused]] const auto written = ::pwrite(file.get(), text.data(), text.size(), 0);
    }
}

}  // namespace

std::filesystem::path lock_file_path(const std::filesystem::path& directory,
                                     std::string_view job,
                                     std::string_view target) {
    const std::uint64_t hash = stable_hash(fmt::format("{}@{}", job, target));
    return directory / "locks" /
           fmt::format("{}@{}.{}.lock", clean(job), clean(target), hex16(hash).substr(8));
}

LockAttempt take_lock(const std::filesystem::path& path, const LockHolder& holder) {
    while (true) {
        Fd file = open_lock_file(path);
        if (!try_lock(file, path)) {
            return {.lock = std::nullopt, .holder = read_text(file)};
        }
        if (is_still_there(file, path)) {
            write_text(file, format_lock_holder(holder) + '\n');
            return {.lock = LockFile(std::move(file)), .holder = {}};
        }
    }
}

}  // namespace caretaker

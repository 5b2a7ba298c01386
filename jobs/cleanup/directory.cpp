// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/directory.hpp"

#include <fmt/format.h>
#include <linux/openat2.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

namespace caretaker {

namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::int64_t nanoseconds(const statx_timestamp& time) {
    constexpr std::int64_t per_second = 1'000'000'000;
    std::int64_t result = 0;
    // Times outside the years 1677 to 2262 count as the nearest one inside.
    if (__builtin_mul_overflow(time.tv_sec, per_second, &result) ||
        __builtin_add_overflow(result, static_cast<std::int64_t>(time.tv_nsec), &result)) {
        return time.tv_sec < 0 ? INT64_MIN : INT64_MAX;
    }
    return result;
}

EntryType type_of_mode(unsigned mode) {
    switch (mode & S_IFMT) {
        case S_IFREG:
            return EntryType::file;
        case S_IFLNK:
            return EntryType::symlink;
        case S_IFIFO:
            return EntryType::fifo;
        case S_IFSOCK:
            return EntryType::socket;
        case S_IFDIR:
            return EntryType::directory;
        default:
            return EntryType::other;
    }
}

std::optional<EntryType> type_of_record(unsigned char type) {
    switch (type) {
        case DT_UNKNOWN:
            return std::nullopt;
        case DT_REG:
            return EntryType::file;
        case DT_LNK:
            return EntryType::symlink;
        case DT_FIFO:
            return EntryType::fifo;
        case DT_SOCK:
            return EntryType::socket;
        case DT_DIR:
            return EntryType::directory;
        default:
            return EntryType::other;
    }
}

/// Opens with O_NOATIME where that is allowed: it is not to who does not own the directory.
template <typename Open>
OpenedDirectory open_without_atime(const Open& open) {
    int fd = open(directory_flags | O_NOATIME);
    if (fd < 0 && errno == EPERM) {
        fd = open(directory_flags);
    }
    return fd < 0 ? OpenedDirectory{.error = errno} : OpenedDirectory{.fd = Fd(fd)};
}

/// The mount that `fd` lies on; 0 where it cannot be told.
std::uint64_t mount_id_of(int fd) {
    FileFacts facts;
    if (look_at(fd, "", facts) == 0 && facts.mount_id != 0) {
        return facts.mount_id;
    }
    const std::string path = fmt::format("/proc/self/fdinfo/{}", fd);
    const Fd info(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 512> text{};
    const ssize_t size = info ? read(info.get(), text.data(), text.size()) : 0;
    constexpr std::string_view key = "mnt_id:\t";
    const std::string_view all(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    const std::size_t at = all.find(key);
    std::uint64_t id = 0;
    if (at != std::string_view::npos) {
        std::from_chars(all.data() + at + key.size(), all.data() + all.size(), id);
    }
    return id;
}

}  // namespace

int look_at(int directory, const char* name, FileFacts& facts) {
    struct statx stat {};

    constexpr unsigned wanted = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID;
    const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name == '\0' ? AT_EMPTY_PATH : 0);
    if (statx(directory, name, flags, wanted, &stat) != 0) {
        return errno;
    }
    const auto attribute = [&](std::uint64_t bit) {
        return (stat.stx_attributes_mask & bit) != 0 && (stat.stx_attributes & bit) != 0;
    };
    facts = {.device = (std::uint64_t{stat.stx_dev_major} << 32U) | stat.stx_dev_minor,
             .inode = stat.stx_ino,
             .type = type_of_mode(stat.stx_mode),
             .sticky = (stat.stx_mode & S_ISVTX) != 0,
             .links = stat.stx_nlink,
             .size = stat.stx_size,
             .allocated = stat.stx_blocks * 512,
             .atime = nanoseconds(stat.stx_atime),
             .mtime = nanoseconds(stat.stx_mtime),
             .ctime = nanoseconds(stat.stx_ctime),
             .birth = (stat.stx_mask & STATX_BTIME) != 0 ? nanoseconds(stat.stx_btime) : 0,
             .immutable = attribute(STATX_ATTR_IMMUTABLE),
             .append_only = attribute(STATX_ATTR_APPEND),
             .mount_root = attribute(STATX_ATTR_MOUNT_ROOT),
             .mount_id = (stat.stx_mask & STATX_MNT_ID) != 0 ? stat.stx_mnt_id : 0};
    return 0;
}

DiskSpace disk_space_of(int directory) {
    FileFacts facts;

    struct statvfs space {};

    if (look_at(directory, "", facts) != 0 || fstatvfs(directory, &space) != 0) {
        return {};
    }
    const std::uint64_t block = space.f_frsize;
    return {.device = facts.device,
            .bytes = {.free = space.f_bavail * block,
                      .total = (space.f_blocks - space.f_bfree + space.f_bavail) * block},
            .inodes = {.free = space.f_favail,
                       .total = space.f_files - space.f_ffree + space.f_favail}};
}

OpenedDirectory DirectoryOpener::open_child(int parent, const char* name) {
    if (has_openat2_) {
        OpenedDirectory opened = open_without_atime([&](int flags) {
            open_how how{.flags = static_cast<std::uint64_t>(flags),
                         .mode = 0,
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
                                    RESOLVE_NO_XDEV};
            return static_cast<int>(syscall(SYS_openat2, parent, name, &how, sizeof how));
        });
        // Filters of system calls that do not know it refuse it as if it were not allowed.
        if (opened.error != ENOSYS && (opened.error != EPERM || proven_openat2_)) {
            proven_openat2_ = proven_openat2_ || opened.error == 0;
            return opened;
        }
        has_openat2_ = opened.error != ENOSYS;
    }
    OpenedDirectory opened = open_plainly(parent, name);
    if (opened.error == 0) {
        has_openat2_ = false;
    }
    if (opened.error == 0 && mount_id_of(parent) != mount_id_of(opened.fd.get())) {
        return {.error = EXDEV};
    }
    return opened;
}

OpenedDirectory DirectoryOpener::open_plainly(int parent, const char* name) {
    return open_without_atime([&](int flags) { return openat(parent, name, flags); });
}

OpenedDirectory DirectoryOpener::open_absolute(std::string_view path) {
    OpenedDirectory at{.fd = Fd(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC))};
    if (!at.fd) {
        return {.error = errno};
    }
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const std::string component(path.substr(0, path.find('/')));
        path.remove_prefix(component.size());
        const Fd parent = std::move(at.fd);
        at.fd = Fd(
            openat(parent.get(), component.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!at.fd) {
            const int error = errno;
            FileFacts facts;
            const bool is_link = error == ENOTDIR &&
                                 look_at(parent.get(), component.c_str(), facts) == 0 &&
                                 facts.type == EntryType::symlink;
            return {.error = is_link ? ELOOP : error};
        }
    }
    return open_plainly(at.fd.get(), ".");
}

std::ptrdiff_t DirectoryReader::fill(int directory) {
    const ssize_t size = getdents64(directory, buffer_.data(), buffer_.size());
    return size < 0 ? -errno : size;
}

DirectoryReader::Record DirectoryReader::record_at(std::size_t at) const {
    const char* const record = buffer_.data() + at;
    std::uint16_t size = 0;
    std::memcpy(&size, record + offsetof(dirent64, d_reclen), sizeof size);
    const auto type = static_cast<unsigned char>(record[offsetof(dirent64, d_type)]);
    return {
        .name = record + offsetof(dirent64, d_name), .type = type_of_record(type), .size = size};
}

std::string describe_errno(int error) {
    const char* const name = strerrorname_np(error);
    return fmt::format("{} ({})",
                       name == nullptr ? std::to_string(error) : std::string(name),
                       std::generic_category().message(error));
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/store/journal_mode.hpp"

#include <fmt/format.h>

#include <sys/vfs.h>

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

struct Magic {
    std::uint32_t number = 0;
    FileSystem file_system{};
};

// The numbers of linux/magic.h, and of the file systems' own sources where that has none.
constexpr std::array magics{
    Magic{0x794c7630, {FileSystemKind::overlay, "overlay"}},
    Magic{0x01021994, {FileSystemKind::tmpfs, "tmpfs"}},
    Magic{0x00006969, {FileSystemKind::network, "NFS"}},
    Magic{0x0000517B, {FileSystemKind::network, "SMB"}},
    Magic{0xFF534D42, {FileSystemKind::network, "CIFS"}},
    Magic{0xFE534D42, {FileSystemKind::network, "SMB2"}},
    Magic{0x65735546, {FileSystemKind::network, "FUSE"}},
    Magic{0x00C36400, {FileSystemKind::network, "Ceph"}},
    Magic{0x01021997, {FileSystemKind::network, "9p"}},
};

}  // namespace

FileSystem classify_file_system(std::int64_t magic) {
    // f_type is a signed word: numbers with the highest bit come negative where that has 32 bits.
    const auto* row = std::ranges::find(magics, static_cast<std::uint32_t>(magic), &Magic::number);
    return row == magics.end() ? FileSystem{FileSystemKind::local, "local"} : row->file_system;
}

FileSystem fetch_file_system(const std::filesystem::path& path) {
    struct statfs status {};

    const int result = ::statfs(path.c_str(), &status);
    return classify_file_system(result == 0 ? static_cast<std::int64_t>(status.f_type) : 0);
}

std::string_view journal_mode_for(JournalOption option, FileSystemKind kind) {
    switch (option) {
        case JournalOption::wal:
            return "wal";
        case JournalOption::truncate:
            return "truncate";
        case JournalOption::automatic:
            break;
    }
    return kind == FileSystemKind::network ? "truncate" : "wal";
}

std::string file_system_warning(const FileSystem& file_system, std::string_view path) {
    switch (file_system.kind) {
        case FileSystemKind::overlay:
            return fmt::format(
                "the store {} lies in the container's own layer and goes with the container; mount "
                "a "
                "directory of the host",
                path);
        case FileSystemKind::tmpfs:
            return fmt::format("the store {} lies in memory (tmpfs) and is gone after a reboot",
                               path);
        case FileSystemKind::network:
            return fmt::format(
                "the store {} lies on {}: let the jobs of one host only write to it; locks over "
                "the "
                "network are not to be relied on",
                path,
                file_system.name);
        case FileSystemKind::local:
            break;
    }
    return {};
}

}  // namespace caretaker

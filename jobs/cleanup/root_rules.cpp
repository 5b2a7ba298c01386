// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/root_rules.hpp"

#include "jobs/cleanup/path_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 9> refused_paths{
    "/var", "/var/lib", "/var/log", "/usr", "/etc", "/home", "/opt", "/srv", "/var/lib/docker"};

constexpr std::array<std::string_view, 8> refused_trees{
    "/proc", "/sys", "/dev", "/etc", "/boot", "/usr", "/bin", "/sbin"};

struct FileSystem {
    std::int64_t magic = 0;  // linux/magic.h and statfs(2)
    std::string_view name{};
    bool allowable = false;  // holds files of its own
};

constexpr std::array file_systems{
    FileSystem{0x6969, "nfs", true},           FileSystem{0x517B, "cifs", true},
    FileSystem{0xFF534D42, "cifs", true},      FileSystem{0xFE534D42, "cifs", true},
    FileSystem{0x65735546, "fuse", true},      FileSystem{0x00C36400, "ceph", true},
    FileSystem{0x01021997, "9p", true},        FileSystem{0x5346414F, "afs", true},
    FileSystem{0x6B414653, "afs", true},       FileSystem{0x73757245, "coda", true},
    FileSystem{0x9FA0, "proc", false},         FileSystem{0x62656572, "sysfs", false},
    FileSystem{0x27E0EB, "cgroup", false},     FileSystem{0x63677270, "cgroup", false},
    FileSystem{0x1CD1, "devpts", false},       FileSystem{0x64626720, "debugfs", false},
    FileSystem{0x74726163, "tracefs", false},  FileSystem{0x73636673, "securityfs", false},
    FileSystem{0xCAFE4A11, "bpf", false},      FileSystem{0x0187, "autofs", false},
    FileSystem{0x6165676C, "pstore", false},   FileSystem{0x62656570, "configfs", false},
    FileSystem{0x19800202, "mqueue", false},   FileSystem{0x958458F6, "hugetlbfs", false},
    FileSystem{0xDE5E81E4, "efivarfs", false}, FileSystem{0x42494E4D, "binfmt_misc", false},
};

/// "/lib", "/lib64", "/lib/x": whatever the loader reads.
bool is_library(std::string_view path) {
    return path.starts_with("/lib");
}

}  // namespace

std::optional<std::string> why_root_refused(std::string_view root,
                                            bool allow_root,
                                            std::string_view store_directory) {
    if (!root.starts_with('/')) {
        return "is not absolute";
    }
    if (root == "/") {
        return "is the whole system";
    }
    if (auto why = why_not_plain(root)) {
        return why;
    }
    for (const std::string_view tree : refused_trees) {
        if (is_within(root, tree)) {
            return fmt::format("lies in {}, which the system needs", tree);
        }
    }
    if (is_library(root)) {
        return "holds the system's libraries";
    }
    if (std::ranges::find(refused_paths, root) != refused_paths.end()) {
        return "holds what the system and its services need; name directories below it";
    }
    const bool one_component = root.find('/', 1) == std::string_view::npos;
    if (one_component && root != "/tmp" && !allow_root) {
        return "stands directly below /; name directories below it, or set allow_root: true";
    }
    if (!store_directory.empty() &&
        (root == store_directory || is_within(root, fmt::format("{}/locks", store_directory)))) {
        return "holds the store";
    }
    return std::nullopt;
}

std::optional<std::string> why_not_plain(std::string_view path) {
    if (path.ends_with('/') || path.find("//") != std::string_view::npos) {
        return "has a slash too many";
    }
    for (std::string_view rest = path.substr(1); !rest.empty();) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        const std::string_view component = rest.substr(0, slash);
        if (component == "." || component == "..") {
            return fmt::format("holds the component '{}'; write the path itself", component);
        }
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    return std::nullopt;
}

std::string_view refused_file_system(std::int64_t magic) {
    const auto found = std::ranges::find(file_systems, magic, &FileSystem::magic);
    return found == file_systems.end() ? std::string_view{} : found->name;
}

bool is_allowable_file_system(std::string_view name) {
    return std::ranges::any_of(
        file_systems, [&](const FileSystem& one) { return one.allowable && one.name == name; });
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/rule_roots.hpp"

#include "common/text/byte_escape.hpp"
#include "common/text/path_pattern.hpp"
#include "jobs/cleanup/protection.hpp"
#include "jobs/cleanup/root_rules.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::int64_t overlay_magic = 0x794C7630;

class RootFinder {
 public:
    RootFinder(const FileRule& rule, DirectoryOpener& opener, const RootSurroundings& around)
        : rule_(rule), opener_(opener), around_(around) {}

    RuleRoots find() {
        std::vector<std::string> paths;
        for (const std::string& root : rule_.roots) {
            expand("", root, paths);
        }
        std::ranges::sort(paths);
        paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
        for (const std::string& path : paths) {
            look_at_one(path);
        }
        return std::move(result_);
    }

 private:
    void add_problem(std::string code, const std::string& path, const std::string& what) {
        result_.problems.push_back(
            {.code = std::move(code),
             .path = escape_bytes(path),
             .message = fmt::format(
                 "the root {} of the rule '{}' {}", escape_bytes(path), rule_.name, what)});
    }

    /// Appends the paths that `rest`, which begins with a slash, stands for below `base`.
    void expand(const std::string& base, std::string_view rest, std::vector<std::string>& paths) {
        if (rest.empty()) {
            paths.push_back(base);
            return;
        }
        const std::size_t end = std::min(rest.find('/', 1), rest.size());
        const std::string_view component = rest.substr(1, end - 1);
        rest.remove_prefix(end);
        if (component.find_first_of("*?[\\") == std::string_view::npos) {
            expand(fmt::format("{}/{}", base, component), rest, paths);
            return;
        }
        const auto pattern = PathPattern::parse(component).pattern;
        const OpenedDirectory opened = opener_.open_absolute(base);
        if (opened.error != 0 || !pattern) {
            if (opened.error != ENOENT) {
                add_problem("root_unreadable",
                            base + '/' + std::string(component),
                            fmt::format("cannot be expanded: {}", describe_errno(opened.error)));
            }
            return;
        }
        for (const std::string& name : directories_in(opened.fd.get())) {
            if (pattern->matches(name)) {
                expand(fmt::format("{}/{}", base, name), rest, paths);
            }
        }
    }

    static std::vector<std::string> directories_in(int fd) {
        std::vector<std::string> names;
        DirectoryReader reader;
        reader.read(fd, [&](std::string_view name, std::optional<EntryType> type) {
            FileFacts facts;
            if (!type && look_at(fd, name.data(), facts) == 0) {
                type = facts.type;
            }
            if (type == EntryType::directory) {
                names.emplace_back(name);
            }
        });
        return names;
    }

    void look_at_one(const std::string& path) {
        if (const auto why = why_root_refused(path, rule_.allow_root, {})) {
            add_problem("root_refused", path, *why);
            return;
        }
        const OpenedDirectory opened = opener_.open_absolute(path);
        if (opened.error == ENOENT) {
            if (rule_.needs_roots) {
                add_problem("root_missing", path, "is not there; make it, or drop missing_root");
            }
            return;
        }
        if (opened.error == ELOOP) {
            add_problem("root_is_symlink",
                        path,
                        "is reached by a symbolic link; name the directory itself");
            return;
        }

        if (opened.error == 0 && is_kept(path)) {
            return;
        }

        struct statfs fs {};

        FileFacts facts;
        int error = opened.error != 0 ? opened.error : look_at(opened.fd.get(), "", facts);
        if (error == 0 && fstatfs(opened.fd.get(), &fs) != 0) {
            error = errno;
        }
        if (error != 0) {
            add_problem(
                "root_unreadable",
                path,
                fmt::format("cannot be opened: {}; run as a user who may", describe_errno(error)));
            return;
        }
        const InodeId id(facts.device, facts.inode);
        if (std::ranges::find(around_.store_directories, id) != around_.store_directories.end()) {
            add_problem("root_refused", path, "holds the store");
            return;
        }
        const std::string_view refused = refused_file_system(fs.f_type);
        if (!refused.empty() &&
            std::ranges::find(rule_.allow_fs, refused) == rule_.allow_fs.end()) {
            add_problem(
                "root_refused",
                path,
                fmt::format("lies on a file system of type {}, which is not cleaned{}",
                            refused,
                            is_allowable_file_system(refused) ? " unless allow_fs names it" : ""));
            return;
        }
        result_.roots.push_back({.path = path, .is_overlay = fs.f_type == overlay_magic});
    }

    /// Whether the root, or a directory above it, is protected, or a file keeps one above it. Its
    /// own file the walk finds.
    bool is_kept(const std::string& root) {
        for (std::size_t end = 0; end != std::string::npos;) {
            end = root.find('/', end + 1);
            const std::string path = root.substr(0, end);
            if (is_protected(around_.protect, path)) {
                leave_out(path, LeftOut::guarded);
                return true;
            }
            const std::string above = path.substr(0, path.rfind('/') + 1);
            FileFacts facts;
            if (look_at(AT_FDCWD, (above + std::string(keep_file_name)).c_str(), facts) == 0) {
                leave_out(above.size() == 1 ? root : above.substr(0, above.size() - 1),
                          LeftOut::keep_file);
                return true;
            }
        }
        return false;
    }

    void leave_out(std::string_view path, LeftOut reason) {
        if (around_.left_out) {
            around_.left_out(path, reason);
        }
    }

    const FileRule& rule_;
    DirectoryOpener& opener_;
    const RootSurroundings& around_;
    RuleRoots result_{};
};

}  // namespace

RuleRoots find_roots(const FileRule& rule,
                     DirectoryOpener& opener,
                     const RootSurroundings& around) {
    return RootFinder(rule, opener, around).find();
}

std::vector<DiskSpace> measure_disks(const RuleRoots& roots, DirectoryOpener& opener) {
    std::vector<DiskSpace> disks;
    for (const RuleRoot& root : roots.roots) {
        const OpenedDirectory opened = opener.open_absolute(root.path);
        if (opened.error != 0) {
            continue;  // the walk tells of it
        }
        const DiskSpace disk = disk_space_of(opened.fd.get());
        if (std::ranges::find(disks, disk.device, &DiskSpace::device) == disks.end()) {
            disks.push_back(disk);
        }
    }
    return disks;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/tree_writer.hpp"

#include "common/base/error.hpp"
#include "tests/sandbox/request_target.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace caretaker::sandbox {

namespace {

/// Throws where `done` is below 0.
int check(int done, std::string_view what) {
    if (done < 0) {
        throw std::system_error(
            errno, std::generic_category(), fmt::format("making a tree of files: {}", what));
    }
    return done;
}

std::vector<std::string> names_of(const std::string& path) {
    std::vector<std::string> names;
    for (const std::string_view name : split_text(path, '/')) {
        names.emplace_back(name);
    }
    return names;
}

Fd open_root(const std::filesystem::path& root) {
    std::error_code error;
    if (std::filesystem::exists(root, error) && !std::filesystem::is_empty(root, error)) {
        throw UsageError(fmt::format(
            "making a tree of files in {}: it is not empty; name a new directory", root.string()));
    }
    std::filesystem::create_directories(root);
    return Fd(check(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open"));
}

void write_whole(const Fd& file, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(file.get(), text.data(), text.size());
        check(written < 0 ? -1 : 0, "write");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

Fd create(const Fd& folder, const std::string& name, mode_t mode) {
    Fd file(
        check(::openat(folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600),
              "create"));
    check(::fchmod(file.get(), mode), "fchmod");
    return file;
}

}  // namespace

TreeWriter::TreeWriter(const std::filesystem::path& root, std::chrono::sys_seconds now)
    : root_(open_root(root)), now_(now) {}

Fd TreeWriter::open_directory(const std::vector<std::string>& names) {
    Fd folder(check(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0), "dup"));
    for (const std::string& name : names) {
        if (::mkdirat(folder.get(), name.c_str(), 0755) < 0 && errno != EEXIST) {
            check(-1, "mkdir");
        }
        folder = Fd(check(
            ::openat(folder.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
            "open a directory"));
    }
    return folder;
}

Fd TreeWriter::open_parent(const std::string& path, std::string& name) {
    std::vector<std::string> names = names_of(path);
    name = names.back();
    names.pop_back();
    ++entries_;
    return open_directory(names);
}

void TreeWriter::set_age(const Fd& folder, const std::string& name, TreeAge age) {
    const timespec time{.tv_sec = (now_ - age).time_since_epoch().count(), .tv_nsec = 0};
    const std::array<timespec, 2> times{time, time};
    check(::utimensat(folder.get(), name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW), "utimensat");
}

void TreeWriter::file(const std::string& path, std::int64_t size, TreeAge age, mode_t mode) {
    std::string name;
    const Fd folder = open_parent(path, name);
    constexpr std::int64_t written = std::int64_t{64} * 1024;
    const Fd file = create(folder, name, mode);
    write_whole(file, std::string(static_cast<std::size_t>(std::min(size, written)), 'x'));
    check(::ftruncate(file.get(), size), "ftruncate");
    set_age(folder, name, age);
}

void TreeWriter::text_file(const std::string& path, std::string_view text, TreeAge age) {
    std::string name;
    const Fd folder = open_parent(path, name);
    write_whole(create(folder, name, 0644), text);
    set_age(folder, name, age);
}

void TreeWriter::directory(const std::string& path, TreeAge age) {
    ++entries_;
    std::vector<std::string> names = names_of(path);
    static_cast<void>(open_directory(names));
    directories_.push_back({std::move(names), age});
}

void TreeWriter::symlink(const std::string& path, const std::string& target, TreeAge age) {
    std::string name;
    const Fd folder = open_parent(path, name);
    check(::symlinkat(target.c_str(), folder.get(), name.c_str()), "symlink");
    set_age(folder, name, age);
}

void TreeWriter::hard_link(const std::string& path, const std::string& existing) {
    std::string name;
    std::string from;
    const Fd folder = open_parent(path, name);
    const Fd source = open_parent(existing, from);
    --entries_;
    check(::linkat(source.get(), from.c_str(), folder.get(), name.c_str(), 0), "link");
}

void TreeWriter::fifo(const std::string& path, TreeAge age) {
    std::string name;
    const Fd folder = open_parent(path, name);
    check(::mkfifoat(folder.get(), name.c_str(), 0644), "mkfifo");
    set_age(folder, name, age);
}

void TreeWriter::socket(const std::string& path, TreeAge age) {
    std::string name;
    const Fd folder = open_parent(path, name);
    check(::mknodat(folder.get(), name.c_str(), S_IFSOCK | 0644, 0), "mknod");
    set_age(folder, name, age);
}

void TreeWriter::nest(const std::string& path, const std::string& name, int depth, TreeAge age) {
    std::vector<std::string> names = names_of(path);
    names.insert(names.end(), static_cast<std::size_t>(depth), name);
    const Fd folder = open_directory(names);
    write_whole(create(folder, "deepest.log", 0644), "x");
    set_age(folder, "deepest.log", age);
    ++entries_;
}

void TreeWriter::set_ages() {
    std::ranges::stable_sort(directories_, [](const Directory& a, const Directory& b) {
        return a.names.size() > b.names.size();
    });
    for (const Directory& directory : directories_) {
        std::vector<std::string> parents = directory.names;
        parents.pop_back();
        set_age(open_directory(parents), directory.names.back(), directory.age);
    }
}

}  // namespace caretaker::sandbox

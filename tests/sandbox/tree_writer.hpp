// SPDX-License-Identifier: Apache-2.0
// Makes files of any name and age below a directory, by descriptors, so that neither the length of
// a path nor a strange name stands in the way.
#pragma once

#include "common/base/fd.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// How long ago an entry was written and read last; below 0: in the future.
using TreeAge = std::chrono::seconds;

/// Paths are relative to the root; directories on the way are made. Every function throws
/// std::system_error.
class TreeWriter {
 public:
    /// Makes the root, which must be empty if it is there. Ages count from `now`.
    TreeWriter(const std::filesystem::path& root, std::chrono::sys_seconds now);

    /// A file of `size` bytes; beyond 64 KiB the rest is a hole.
    void file(const std::string& path, std::int64_t size, TreeAge age, mode_t mode = 0644);

    void text_file(const std::string& path, std::string_view text, TreeAge age);

    /// An age that set_ages() gives it, after all that is in it.
    void directory(const std::string& path, TreeAge age);

    void symlink(const std::string& path, const std::string& target, TreeAge age);
    void hard_link(const std::string& path, const std::string& existing);
    void fifo(const std::string& path, TreeAge age);

    /// A socket's file; nobody listens.
    void socket(const std::string& path, TreeAge age);

    /// `depth` directories of `name` in each other, with a file in the last one.
    void nest(const std::string& path, const std::string& name, int depth, TreeAge age);

    /// Directories' times, deepest first. To be called last.
    void set_ages();

    /// Entries made, directories on the way left out.
    [[nodiscard]] std::size_t entries() const { return entries_; }

 private:
    struct Directory {
        std::vector<std::string> names{};
        TreeAge age{};
    };

    Fd open_directory(const std::vector<std::string>& names);
    Fd open_parent(const std::string& path, std::string& name);
    void set_age(const Fd& folder, const std::string& name, TreeAge age);

    Fd root_;
    std::chrono::sys_seconds now_;
    std::vector<Directory> directories_{};
    std::size_t entries_ = 0;
};

}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
// Reads what lies below the roots of a rule. Changes nothing, not even a time of access.
#pragma once

#include "common/text/path_pattern.hpp"
#include "jobs/cleanup/directory.hpp"
#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"
#include "jobs/cleanup/left_out.hpp"
#include "jobs/cleanup/protection.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class StopSignal;

/// What the walk of one rule counted.
struct WalkCounts {
    std::int64_t looked_at = 0;  // entries of all kinds
    std::int64_t matched = 0;    // by the rule, those too that are not old
    std::array<std::int64_t, static_cast<std::size_t>(LeftOut::count)> left_out{};
    std::int64_t in_future = 0;  // more than five minutes ahead of the clock
    std::string in_future_example{};
};

/// Something that could not be looked at though it should have been.
struct WalkProblem {
    std::string path{};
    int error = 0;
};

class TreeWalk {
 public:
    struct Surroundings {
        std::span<const PathPattern> protect{};     // absolute
        const std::set<std::string>& live_sockets;  // absolute paths
        std::int64_t now = 0;                       // nanoseconds since 1970
        const StopSignal& stop;
        std::function<void(std::int64_t)> progress{};  // told how much was looked at; may be empty
        /// Told of everything that is left out; may be empty.
        std::function<void(std::string_view path, LeftOut reason)> left_out{};
        bool holds_all = false;  // also what is not old enough
    };

    TreeWalk(const FileRule& rule,
             const Surroundings& around,
             DirectoryOpener& opener,
             FileTree& tree,
             WalkCounts& counts,
             std::vector<WalkProblem>& problems);

    /// Reads everything below `directory`, which is open and of the absolute path `path`; `root` is
    /// its index. Throws Interrupted, and Error when the rule's most entries are passed.
    void walk(int directory, const std::string& path, std::uint32_t root);

 private:
    void read_directory(int fd, std::uint32_t index, int depth);
    std::vector<std::string> read_entries(int fd, std::uint32_t index, int depth);
    void enter(int parent, std::uint32_t parent_index, const std::string& name, int depth);
    void take_in(int fd, std::uint32_t directory, std::string_view name);
    [[nodiscard]] bool may_go(std::string_view name) const;
    bool passes_names(std::string_view name, int depth);
    bool passes_facts(const FileFacts& facts, std::string_view name);
    void add_entry(const FileFacts& facts, std::uint32_t directory, std::string_view name);
    void leave_out(std::string_view name, LeftOut reason);
    void fail(std::string_view name, int error);
    [[nodiscard]] std::string absolute(std::string_view name) const;
    [[nodiscard]] bool wants(EntryType type) const;
    [[nodiscard]] bool fits_any(std::span<const PathPattern> patterns, std::string_view name) const;
    [[nodiscard]] bool is_guarded(std::string_view name) const;

    const FileRule& rule_;
    Surroundings around_;
    DirectoryOpener& opener_;
    FileTree& tree_;
    WalkCounts& counts_;
    std::vector<WalkProblem>& problems_;
    DirectoryReader reader_{};
    std::string root_path_{};
    std::string relative_{};  // of the directory being read, with a slash at its end; empty: root
    bool at_top_ = false;     // the root is the top of a file system
};

}  // namespace caretaker

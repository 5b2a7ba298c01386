// SPDX-License-Identifier: Apache-2.0
// What a plan is known by: the same for the same things in the same order, on one host.
#pragma once

#include "common/base/sha256.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

struct FileTree;
struct TreeEntry;

class PlanFingerprint {
 public:
    /// Those of one directory together cost least.
    void add_entry(const FileTree& tree, const TreeEntry& entry);

    void add_directory(const FileTree& tree, std::uint32_t directory);

    /// A SHA-256 over kind, device, inode, path, size and time of all, as 64 hex digits. To be
    /// called once, at the end.
    std::string finish();

 private:
    struct Thing {
        std::string_view kind{};
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::string_view name{};
        std::uint64_t size = 0;
        std::int64_t mtime = 0;
    };

    /// What is in that directory follows.
    void enter(const FileTree& tree, std::uint32_t directory);
    void add(const Thing& thing);
    void append_text(std::string_view text);

    Sha256 hash_{};
    std::string pending_{};  // not yet hashed
    const FileTree* tree_ = nullptr;
    std::uint32_t directory_ = 0;  // of `tree_`: the last that was entered
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// What earlier rules take, so that no later one takes it again.
#pragma once

#include "jobs/cleanup/rule_work.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace caretaker {

class TakenBefore {
 public:
    /// Marks in `work` what was added, and what lies in a directory that was; a unit that has some
    /// of it inside is held. What its rule itself had its turn with is left as it is.
    void mark(RuleWork& work) const;

    /// Adds what `selection` takes of the rule's tree.
    void add(const RuleWork& work, const FileSelection& selection);

 private:
    /// Of each directory whether it, or one that it lies in, was added.
    [[nodiscard]] std::vector<bool> find_taken_directories(const FileTree& tree) const;
    void hold_units(RuleWork& work) const;
    [[nodiscard]] bool lies_in_taken(std::string_view root) const;
    [[nodiscard]] bool overlaps(std::string_view root) const;
    [[nodiscard]] bool contains(const FileTree& tree,
                                std::uint32_t directory,
                                const char* name) const;

    std::vector<std::string> roots_{};
    std::unordered_set<std::string> taken_{};
    std::unordered_set<std::string> units_{};  // the paths of those among them
};

}  // namespace caretaker

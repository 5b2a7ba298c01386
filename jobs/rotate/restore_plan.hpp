// SPDX-License-Identifier: Apache-2.0
// What a restore makes of a snapshot: which indices, under which names. Pure.
#pragma once

#include "common/text/regex.hpp"
#include "jobs/rotate/option_schema.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// An index of a snapshot and the name it gets.
struct RestoredIndex {
    std::string source{};
    std::string name{};
};

struct RestoreList {
    std::vector<RestoredIndex> indices{};  // in the order of their sources
    std::string problem{};                 // why the names cannot be told; then no indices
};

/// The indices of a snapshot that a restore with those options brings back. `indices` of the
/// options: names, `*` in them, and -exclusions of what stands before; without it all. Names follow
/// rename_pattern and rename_replacement as Java's String.replaceAll() has it, which is what
/// servers do.
RestoreList list_restored(std::span<const std::string> in_snapshot, const CheckedOptions& options);

/// `text` with every match of `pattern` replaced as Java does: $1 is a group, a backslash takes the
/// next letter as it is. `problem` is set for a replacement that Java refuses.
/// Throws RegexLimitError.
std::string replace_all(const Regex& pattern,
                        std::string_view replacement,
                        std::string_view text,
                        std::string& problem);

/// The body of POST /_snapshot/{repository}/{snapshot}/_restore.
std::string restore_body(const CheckedOptions& options, std::span<const std::string> in_snapshot);

}  // namespace caretaker

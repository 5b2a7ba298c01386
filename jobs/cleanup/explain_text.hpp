// SPDX-License-Identifier: Apache-2.0
// Why a rule leaves something, for a person who asks about that very thing. No IO.
#pragma once

#include "common/text/path_pattern.hpp"
#include "jobs/cleanup/file_rule.hpp"
#include "jobs/cleanup/file_tree.hpp"
#include "jobs/cleanup/left_out.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// As to_string(), with the pattern that fits `path`, absolute; "excluded by 'keep' of exclude".
/// `root` is what the rule's own patterns are relative to; empty: not known.
std::string describe_left_out(LeftOut reason,
                              const FileRule& rule,
                              std::span<const PathPattern> protect,
                              std::string_view path,
                              std::string_view root);

/// Why that directory of the rule's tree, which is judged, does not go; `now` in nanoseconds since
/// 1970.
std::string describe_staying_directory(const FileRule& rule,
                                       const TreeDirectory& directory,
                                       std::int64_t now);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Which directories may be the root of a rule. No IO.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace caretaker {

/// Why `root` is refused, as the end of a sentence ("is not absolute"); nothing when it may be one.
/// `allow_root` lets a directory directly below / be one. `store_directory` may be empty.
std::optional<std::string> why_root_refused(std::string_view root,
                                            bool allow_root,
                                            std::string_view store_directory);

/// Why no path of a host is written like that absolute one, as the end of a sentence ("has a slash
/// too many"); nothing when one may be.
std::optional<std::string> why_not_plain(std::string_view path);

/// The name of a file system that roots must not lie on unless it is allowed (`magic` as statfs(2)
/// has it): those on a network, FUSE, and those that hold no files; empty for all others.
std::string_view refused_file_system(std::int64_t magic);

/// Whether `name` may stand in a rule's list of allowed file systems.
bool is_allowable_file_system(std::string_view name);

}  // namespace caretaker

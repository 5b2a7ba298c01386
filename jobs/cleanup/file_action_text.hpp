// SPDX-License-Identifier: Apache-2.0
// The recorded actions of what rules take, in words.
#pragma once

#include "common/base/action.hpp"
#include "jobs/cleanup/file_actions_plan.hpp"
#include "jobs/cleanup/rule_work.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

/// Action::identity of an action over several entries.
inline constexpr std::string_view identity_of_many = "many";

/// Action::identity of one entry, or directory.
std::string identity_of(std::uint64_t device, std::uint64_t inode);

/// `action` as that round recorded it, with what its rule says; `now` in nanoseconds since 1970.
Action describe_action(
    const FileAction& action, Detail detail, const RuleWork& work, Round round, std::int64_t now);

}  // namespace caretaker

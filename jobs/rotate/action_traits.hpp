// SPDX-License-Identifier: Apache-2.0
// What an action is by its type: its name in records, what it destroys, which indices it takes.
#pragma once

#include "jobs/rotate/action_schema.hpp"

#include <string_view>

namespace caretaker {

/// "delete_index" and the like: what one action of a step is called.
std::string_view action_kind(ActionType type);

/// Of one index of a restore.
inline constexpr std::string_view restore_kind = "restore_index";

/// Of one index of an alias.
inline constexpr std::string_view add_alias_kind = "add_alias";
inline constexpr std::string_view remove_alias_kind = "remove_alias";

/// Whether the action destroys data, so that the brakes count it.
bool is_destructive(ActionType type);

/// Whether it leaves closed indices alone.
bool needs_open_indices(ActionType type);

/// Whether writes to an index would fail, go astray, or undo it.
bool spares_write_indices(ActionType type);

/// Whether Curator fails a dry run whose list is empty, and not only a run.
bool looks_at_list_in_dry_run(ActionType type);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The intent log: what a run is about to do, on disk before it does it.
#pragma once

#include "common/base/action_list.hpp"
#include "common/base/upkeep_plan.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;
class Statement;

/// The rows of one run's actions. Each function is one transaction, on disk when it returns; the
/// sequence number of an action is its index in the list, from 1. Throws StoreError.
class ActionLog {
 public:
    /// `database` outlives this.
    ActionLog(Database& database, std::int64_t run) : database_(database), run_(run) {}

    /// Adds rows for actions in the state `started`.
    void start(const ActionList& actions, std::span<const std::size_t> indices);

    /// Updates the rows of actions that ended, or whose end is corrected.
    void finish(const ActionList& actions, std::span<const std::size_t> indices);

 private:
    Database& database_;
    std::int64_t run_;
};

/// Adds one row within the caller's transaction. `insert` is made by prepare_action_insert().
void insert_action(Statement& insert,
                   std::int64_t run,
                   const ActionList& actions,
                   std::size_t index);

Statement prepare_action_insert(const Database& database);

/// Actions of a job and target that are `started` or `unknown`, of runs that are over; the newest
/// 10 000, oldest first.
std::vector<UnsettledAction> fetch_unsettled_actions(const Database& database,
                                                     std::string_view job,
                                                     std::string_view target);

/// Gives those actions their end: `done`, "seen done by run …", or `failed`. Within the caller's
/// transaction.
void settle_actions(Database& database,
                    std::span<const SettledAction> settled,
                    std::string_view run_uid,
                    WallTime now);

}  // namespace caretaker

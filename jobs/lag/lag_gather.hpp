// SPDX-License-Identifier: Apache-2.0
// Reads from a cluster what a run needs to know, and no more.
#pragma once

#include "common/base/progress.hpp"
#include "common/base/wall_time.hpp"
#include "jobs/lag/lag_facts.hpp"
#include "jobs/lag/lag_named_partition.hpp"

#include <chrono>
#include <span>
#include <string>

namespace caretaker {

class KafkaClient;
class LagSelection;

/// Asks in this order: metadata, groups, committed offsets, log offsets. Log ends are read after
/// the commits, so that lag comes out negative only where a log was really cut; what is produced in
/// between counts as lag. Groups and topics that are not wanted are not asked for.
///
/// `expected`: wanted groups that earlier runs saw. A broker that has just got a partition of
/// __consumer_offsets leaves its groups out of its list, without an error, until it has begun to
/// load them. So those that a complete list lacks are asked for their commits by name: they are
/// part of the facts where they have any, or where the answer is a failure.
///
/// Throws what KafkaClient::fetch_metadata throws; later failures are part of the facts.
LagFacts gather_lag(KafkaClient& client,
                    const LagSelection& selection,
                    Progress& progress = NoProgress::instance(),
                    std::span<const std::string> expected = {});

/// Asks the leaders of the partitions in `facts.logs` once more for each limit, as seen from `now`.
void gather_sla(KafkaClient& client,
                std::span<const std::chrono::milliseconds> limits,
                WallTime now,
                LagFacts& facts,
                Progress& progress);

/// Fetches the record that each group reads next on these partitions, where it reads one of them
/// and is behind.
void gather_record_times(KafkaClient& client,
                         std::span<const NamedPartition> partitions,
                         LagFacts& facts,
                         Progress& progress);

}  // namespace caretaker

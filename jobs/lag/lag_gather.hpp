// SPDX-License-Identifier: Apache-2.0
// Reads from a cluster what a run needs to know, and no more.
#pragma once

#include "jobs/lag/lag_facts.hpp"

namespace caretaker {

class KafkaClient;
class LagSelection;

/// Asks in this order: metadata, groups, committed offsets, log offsets. Log ends are read after
/// the commits, so that lag comes out negative only where a log was really cut; what is produced in
/// between counts as lag. Groups and topics that are not wanted are not asked for.
///
/// Throws what KafkaClient::fetch_metadata throws; later failures are part of the facts.
LagFacts gather_lag(KafkaClient& client, const LagSelection& selection);

}  // namespace caretaker

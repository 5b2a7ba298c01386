// SPDX-License-Identifier: Apache-2.0
// The Kafka seam: what caretaker asks a cluster. Reads only; nothing is joined, committed or
// created.
#pragma once

#include "common/base/wall_time.hpp"
#include "common/kafka/kafka_values.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

/// How to reach a cluster.
struct KafkaOptions {
    /// librdkafka configuration properties in the order given; a later one wins. Must name
    /// bootstrap.servers.
    std::vector<std::pair<std::string, std::string>> properties{};
    /// Until the first metadata must have arrived.
    std::chrono::milliseconds connect_timeout{10'000};
    /// For each later step, as long as the broker in charge says nothing: one that answers may
    /// take longer in all.
    std::chrono::milliseconds request_timeout{5'000};
    /// Another client that this process makes later may log in by GSSAPI.
    bool keeps_sasl_plugins = false;
};

/// Is told how many items of the call under way are through.
using TellProgress = std::function<void(std::int64_t done)>;

/// One cluster. Not thread-safe. Every call ends within its timeout plus 500 ms of the last answer
/// that a broker gave, and throws Interrupted within 500 ms of a stop request.
class KafkaClient {
 public:
    virtual ~KafkaClient() = default;

    /// Connects if need be, and reads brokers, topics and leaders. To be called first.
    /// Throws RemoteError: unreachable (exit 7) when no broker answers, denied (exit 10) when
    /// authentication or TLS verification fails; UsageError for a property the library refuses.
    virtual ClusterMetadata fetch_metadata(TopicNames& names) = 0;

    /// All groups the client may see; those in `named` appear in any case (with kind unknown where
    /// listing did not show them). When every group wanted is in `named`, pass `named_only` to
    /// spare the brokers the rest. A broker that does not answer in time is not asked again by
    /// later calls: the groups that it coordinates and the partitions that it leads count as timed
    /// out at once, so that a dead broker costs one timeout in all.
    virtual GroupListing fetch_groups(std::span<const std::string> named,
                                      bool named_only,
                                      TopicNames& names) = 0;

    /// The committed offsets of many groups at once; one answer per request, in the same order.
    /// `existing`: all partitions of interest, each once. The client may ask for these in place of
    /// "all", where that is cheaper; then commits on others do not show, unless there are no more.
    virtual std::vector<GroupOffsets> fetch_committed(std::span<const CommittedRequest> requests,
                                                      std::span<const PartitionRef> existing,
                                                      TopicNames& names) = 0;

    /// Log start and end of many partitions, batched by leader; one answer per partition, in the
    /// same order. A leader that does not answer costs one timeout, whatever it leads.
    virtual std::vector<LogOffsets> fetch_log_offsets(std::span<const PartitionRef> partitions,
                                                      const TopicNames& names) = 0;

    /// The first record of each partition that was written at `since` or later, by the timestamps
    /// that its producers or the broker gave; likewise batched, one answer per partition, in the
    /// same order. Costs brokers a look into an index for each; needs Kafka 0.10.1 or later.
    virtual std::vector<OffsetSince> fetch_offsets_since(std::span<const PartitionRef> partitions,
                                                         WallTime since,
                                                         const TopicNames& names) = 0;

    /// When single records were written; one answer per record, in the same order. Each is fetched
    /// from its leader, which needs Read on the topic, without joining a group or committing
    /// anything: for a few records only. The next record answers for one that is gone.
    virtual std::vector<RecordTime> fetch_record_times(std::span<const RecordRef> records,
                                                       const TopicNames& names) = 0;

    /// `tell` is called by fetch_committed and fetch_log_offsets while they last, on the caller's
    /// thread, with about how many of their groups or partitions are through.
    virtual void on_progress(TellProgress tell) = 0;
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Owning handles for librdkafka's objects; only the adapter's own sources include this.
#pragma once

#include "common/base/handle.hpp"

#include <librdkafka/rdkafka.h>

#include <memory>

namespace caretaker {

/// Destroys a handle without leaving its group, which it never joined.
inline void destroy_without_close(rd_kafka_t* handle) noexcept {
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

using RdHandle = std::unique_ptr<rd_kafka_t, Calls<destroy_without_close>>;
using RdConf = std::unique_ptr<rd_kafka_conf_t, Calls<rd_kafka_conf_destroy>>;
using RdMetadata =
    std::unique_ptr<const struct rd_kafka_metadata, Calls<rd_kafka_metadata_destroy>>;
using RdGroupList = std::unique_ptr<const rd_kafka_group_list, Calls<rd_kafka_group_list_destroy>>;
using RdPartitionList =
    std::unique_ptr<rd_kafka_topic_partition_list_t, Calls<rd_kafka_topic_partition_list_destroy>>;
using RdQueue = std::unique_ptr<rd_kafka_queue_t, Calls<rd_kafka_queue_destroy>>;
using RdEvent = std::unique_ptr<rd_kafka_event_t, Calls<rd_kafka_event_destroy>>;
using RdError = std::unique_ptr<rd_kafka_error_t, Calls<rd_kafka_error_destroy>>;
using RdAdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, Calls<rd_kafka_AdminOptions_destroy>>;
using RdGroupOffsets = std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t,
                                       Calls<rd_kafka_ListConsumerGroupOffsets_destroy>>;

}  // namespace caretaker

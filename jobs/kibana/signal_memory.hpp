// SPDX-License-Identifier: Apache-2.0
// What the signals of use keep from run to run, in the store.
#pragma once

#include "jobs/kibana/access_log_memory.hpp"
#include "jobs/kibana/background_traffic.hpp"
#include "jobs/kibana/kibana_signal.hpp"
#include "jobs/kibana/saved_objects_memory.hpp"

#include <map>
#include <string>
#include <string_view>

namespace caretaker {

class JobMemory;

/// When each Kibana's own numbers were read, by id of the app.
using StatusMemory = std::map<std::string, WatchSpans, std::less<>>;

std::string encode_status_memory(const StatusMemory& memory);

/// Throws JsonError for a text that was not written by encode_status_memory().
StatusMemory decode_status_memory(std::string_view text);

/// Adds what a round saw. At most 64 spans an app are kept, the newest: windows that do not touch
/// are worth nothing anyway.
void add_status_spans(StatusMemory& memory, const KibanaSignal& signal);

struct SignalMemory {
    AccessLogMemory access_log{};
    StatusMemory statuses{};
    TrafficMemory traffic{};
    SavedObjectsMemory saved_objects{};
};

/// `memory` may be null: nothing is known. Throws StoreError and JsonError.
SignalMemory load_signal_memory(JobMemory* memory);

/// Throws StoreError.
void save_signal_memory(JobMemory& memory, const SignalMemory& signals, WallTime now);

}  // namespace caretaker

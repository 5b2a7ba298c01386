// SPDX-License-Identifier: Apache-2.0
// What is kept from run to run about Kibanas, in the store. Losing it costs nothing but time: an
// app without a memory is never suspended at once, and one at 0 instances is left alone.
#pragma once

#include "jobs/kibana/recycle_model.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class JobMemory;
struct MemoryKey;

/// By id of the app.
using KibanaStates = std::map<std::string, KibanaState, std::less<>>;

std::string encode_kibana_state(const KibanaState& state);

/// Throws JsonError for a text that was not written by encode_kibana_state().
KibanaState decode_kibana_state(std::string_view text, std::string_view app);

/// That of one app, if it is known. Throws StoreError and JsonError.
std::optional<KibanaState> load_kibana_state(JobMemory& memory, std::string_view app);

/// All that are known. `memory` may be null: none is. Throws StoreError and JsonError.
KibanaStates load_kibana_states(JobMemory* memory);

/// Saves all of them, with the definitions that belong to them, so that none grows old enough for
/// the store to drop it; but not those gone for more than 400 days, nor those gone that could not
/// be made anew. What other runs noted since they were loaded (a later use, a protection, a waking)
/// stays. Throws StoreError and JsonError.
void save_kibana_states(JobMemory& memory, const KibanaStates& states, WallTime now);

/// Changes one as the store has it now, in a transaction of its own, so that nothing which other
/// runs noted is lost; the state that it then has. `change` may be called again when other writers
/// are in the way. Throws StoreError and JsonError.
KibanaState change_kibana_state(JobMemory& memory,
                                std::string_view app,
                                WallTime now,
                                const std::function<void(KibanaState&)>& change);

/// Whoever wakes, touches or provisions an app uses it; the state that it then has.
KibanaState note_touch(JobMemory& memory, std::string_view app, WallTime now);

/// The definition from which the app can be made anew, as Marathon wrote it. Throws StoreError.
void save_definition(JobMemory& memory, std::string_view app, std::string_view body, WallTime now);
std::optional<std::string> load_definition(JobMemory& memory, std::string_view app);

}  // namespace caretaker

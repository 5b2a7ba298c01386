// SPDX-License-Identifier: Apache-2.0
// What is kept from run to run about Kibanas, in the store. Losing it costs nothing but time: an
// app without a memory is never suspended at once, and one at 0 instances is left alone.
#pragma once

#include "jobs/kibana/recycle_model.hpp"

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

/// All that are known. `memory` may be null: none is. Throws StoreError and JsonError.
KibanaStates load_kibana_states(JobMemory* memory);

/// Saves all of them, with the definitions that belong to them, so that none grows old enough for
/// the store to drop it; but not those gone for more than 400 days, nor those gone that could not
/// be made anew. Throws StoreError.
void save_kibana_states(JobMemory& memory, const KibanaStates& states, WallTime now);

/// Replaces one, in a transaction of its own. Throws StoreError.
void save_kibana_state(JobMemory& memory,
                       std::string_view app,
                       const KibanaState& state,
                       WallTime now);

/// The definition from which the app can be made anew, as Marathon wrote it. Throws StoreError.
void save_definition(JobMemory& memory, std::string_view app, std::string_view body, WallTime now);
std::optional<std::string> load_definition(JobMemory& memory, std::string_view app);

}  // namespace caretaker

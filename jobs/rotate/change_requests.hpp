// SPDX-License-Identifier: Apache-2.0
// The requests by which an action changes indices, by the version of the server. No IO.
#pragma once

#include "common/base/action_list.hpp"
#include "common/clients/search_engine.hpp"
#include "common/http/http.hpp"
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Servers take 4096 bytes of a request's first line; proxies, whose limit may be lower, add to it.
inline constexpr std::size_t longest_request_line = 3'800;

/// Actions that one request carries out together.
struct NameChunk {
    std::vector<std::size_t> actions{};
    std::string names{};  // encoded, with commas between them
};

/// Splits `actions` in their order, so that no list of names is longer than `longest` bytes, save
/// that of one name alone, and none has more than `most` names; 0: any number.
std::vector<NameChunk> chunk_names(const ActionList& list,
                                   std::span<const std::size_t> actions,
                                   std::size_t longest,
                                   std::size_t most = 0);

/// One request of a change.
struct ChangeRequest {
    HttpRequest request{};
    bool may_fail = false;  // it only prepares the change, which is tried all the same
};

/// The requests, in their order, that do `spec` to the indices of `names` (encoded, not empty).
/// Throws UsageError for an action that this server does not have.
std::vector<ChangeRequest> change_requests(const ActionSpec& spec,
                                           std::string_view names,
                                           const SearchEngine& engine);

/// How many bytes of the longest first line of those requests are no names.
std::size_t request_overhead(const ActionSpec& spec, const SearchEngine& engine);

/// Whether the action is sent for one index at a time.
bool is_one_by_one(ActionType type);

/// The body of one atomic POST /_aliases for the actions of a step.
std::string alias_body(const RotateStep& step, const ActionList& list);

/// The body of a rollover: its conditions and the settings of the new index.
std::string rollover_body(const ActionSpec& spec);

/// timeout_override, or what Curator gives the action; unset: the client's own.
std::optional<std::chrono::milliseconds> request_timeout(const ActionSpec& spec);

}  // namespace caretaker

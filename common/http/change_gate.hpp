// SPDX-License-Identifier: Apache-2.0
// Asks before each request that changes something whether it may still be sent.
#pragma once

#include "common/base/context.hpp"
#include "common/http/http.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace caretaker {

/// Called before each change, also before each further try; throws what keeps it from being sent.
/// `longest`: how long the change may be under way.
using ChangePermit = std::function<void(std::chrono::milliseconds longest)>;

/// A client over another one of `options`. A change that names a time-out of its own, as long
/// work of the server does, counts as one of `options`: when it has begun, it goes on without us.
std::unique_ptr<HttpClient> gate_changes(std::unique_ptr<HttpClient> inner,
                                         const HttpOptions& options,
                                         ChangePermit permit);

/// Connectors like `connect`, which outlives what they make, whose HTTP clients ask `permit`.
/// Without one they are those of `connect`.
Connectors gate_connectors(const Connectors& connect, ChangePermit permit);

}  // namespace caretaker

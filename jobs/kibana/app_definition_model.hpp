// SPDX-License-Identifier: Apache-2.0
// The definition of an app, as it is kept while the app is away. No IO.
#pragma once

#include "common/json/json_view.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

/// Ports at which a proxy finds an app. Marathon refuses those that another app has taken
/// meanwhile.
enum class ServicePorts { kept, chosen_by_marathon };

/// The body of a POST that makes an app anew from `definition`, an answer of
/// /v2/apps/{id}/versions/{version}: without what Marathon adds by itself, and with one form only
/// of what it shows in two (`ports` and `portDefinitions`, `uris` and `fetch`), which it refuses
/// together. Throws JsonError.
std::string format_app_body(JsonView definition,
                            std::int64_t instances,
                            ServicePorts ports = ServicePorts::kept);

/// Those that an app has, of `app` of GET /v2/apps/{id}, in their order. Throws JsonError.
std::vector<std::int64_t> read_service_ports(JsonView app);

}  // namespace caretaker

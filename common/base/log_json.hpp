// SPDX-License-Identifier: Apache-2.0
// A log line as one JSON object, in the field names of the Elastic Common Schema (8), so that the
// platform can take in its own keeper's log. Pure.
#pragma once

#include "common/base/clock.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

/// {"@timestamp":…,"log.level":…,"message":…} and the fields: `error` as error.code, `host` as
/// host.name, all others as caretaker.<name>; values are text. Without a line break at its end.
std::string format_log_json(WallTime time,
                            std::string_view level,
                            std::string_view message,
                            std::span<const std::pair<std::string, std::string>> fields);

}  // namespace caretaker

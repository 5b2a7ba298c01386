// SPDX-License-Identifier: Apache-2.0
// Names with date math, <logs-{now/d-1d{yyyy.MM.dd}}>, as Elasticsearch and OpenSearch resolve
// them.
#pragma once

#include "jobs/rotate/timestring.hpp"

#include <string>
#include <string_view>

namespace caretaker {

struct ResolvedName {
    std::string name{};
    std::string error{};        // empty: it was resolved
    bool needs_server = false;  // because it is not known here; a server may know it
};

/// The name that an option of an action means at `now`: with a '<' in it date math is resolved,
/// else strftime's codes are filled (format_timestring()). Date math: `now`, then +n, -n and / with
/// the units y M w d h H m s, and a format of y u M d H m s D with UTC or an offset as its zone.
/// Other letters, names of months and zones by name depend on the server.
ResolvedName resolve_name(std::string_view text, UnixSeconds now);

}  // namespace caretaker

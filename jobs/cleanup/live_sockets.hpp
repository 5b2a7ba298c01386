// SPDX-License-Identifier: Apache-2.0
// The unix sockets in use, by their paths.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace caretaker {

/// The absolute paths in a text of the form of /proc/net/unix (proc(5)).
std::set<std::string> parse_live_sockets(std::string_view text);

/// Those of this network namespace; none where /proc does not tell.
std::set<std::string> read_live_sockets();

}  // namespace caretaker

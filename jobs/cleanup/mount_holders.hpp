// SPDX-License-Identifier: Apache-2.0
// Who keeps a directory of a Docker Engine from being removed, by having it mounted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// The path that an Engine's message says to be busy: of "… unlinkat /a/b: device or resource
/// busy" it is /a/b. Nothing where it says nothing of that kind.
std::optional<std::string> busy_path(std::string_view message);

/// "pid 4711 (ntpd)" of each mount namespace in which something is mounted there or below, the one
/// with the lowest process; at most three. Empty where none is seen.
std::string describe_mount_holders(std::string_view path);

}  // namespace caretaker

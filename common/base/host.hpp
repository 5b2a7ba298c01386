// SPDX-License-Identifier: Apache-2.0
// Which machine, and which boot of it, a run happens on.
#pragma once

#include "common/base/trigger.hpp"

#include <string>
#include <string_view>

namespace caretaker {

/// CARETAKER_HOST; else, under Chronos, HOST (the agent's name: inside a container the system's own
/// name is only the container's id); else `system_name`.
std::string choose_host_name(const EnvironmentMap& environment, std::string_view system_name);

/// gethostname(2); "localhost" should that fail.
std::string system_host_name();

/// Who works here, for notes: who called sudo, else the user's name, else "uid 1000".
std::string user_name();

/// A UUID that changes with each boot (/proc/sys/kernel/random/boot_id); empty where there is none.
std::string boot_id();

}  // namespace caretaker

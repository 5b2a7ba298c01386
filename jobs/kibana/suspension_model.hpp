// SPDX-License-Identifier: Apache-2.0
// Whether a Kibana that was suspended is asleep. No IO.
#pragma once

#include "common/base/action_executor.hpp"
#include "jobs/kibana/kibana_app.hpp"

#include <optional>

namespace caretaker {

/// What became of a suspension that was done, by the app as Marathon lists it afterwards; nothing:
/// none of its tasks is left.
std::optional<ActionResult> find_awake(const KibanaApp& app);

}  // namespace caretaker

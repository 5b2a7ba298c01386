// SPDX-License-Identifier: Apache-2.0
// What a person does to single Kibanas: `kibana wake`, `suspend`, `restore`, `touch`, `protect`.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "jobs/kibana/kibana_settings.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {

struct Context;

enum class HandKind { wake, suspend, restore, touch, protect };

struct HandRequest {
    HandKind kind = HandKind::wake;
    std::vector<std::string> apps{};
    std::chrono::milliseconds wait{std::chrono::minutes(2)};  // until a woken Kibana must be ready
    WallTime protect_until{};
    bool even_protected = false;  // suspend those too
};

/// `settings` and `context` outlive the task.
std::unique_ptr<UpkeepTask> begin_by_hand(const HandRequest& request,
                                          const KibanaSettings& settings,
                                          Context& context);

}  // namespace caretaker

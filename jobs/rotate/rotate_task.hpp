// SPDX-License-Identifier: Apache-2.0
// One run of `rotate`: from action files by a plan to requests.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "common/http/service_http.hpp"
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/lifecycle_export_model.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace caretaker {

/// What the command line, the files and the settings ask for.
struct RotateRequest {
    std::deque<ActionSpec> specs{};  // never moved: a plan points at them
    ServiceOptions service{};
    PlanPolicy policy{};
    bool master_only = false;               // only at the elected master
    bool as_curator = false;                // an empty list is a failure
    bool explains = false;                  // show what each filter found, and change nothing
    std::string explained_index{};          // of this index alone
    std::optional<PolicyKind> export_to{};  // print policies, and ask no service
};

/// `request` must outlive the task.
std::unique_ptr<UpkeepTask> begin_rotation(const RotateRequest& request, Context& context);

}  // namespace caretaker

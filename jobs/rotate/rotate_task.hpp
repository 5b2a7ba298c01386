// SPDX-License-Identifier: Apache-2.0
// One run of `rotate`: from action files by a plan to requests.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "common/http/service_http.hpp"
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/lifecycle_export_model.hpp"
#include "jobs/rotate/rotate_plan.hpp"
#include "jobs/rotate/single_action.hpp"
#include "jobs/rotate/step_tools.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// What the command line, the files and the settings ask for.
struct RotateRequest {
    std::deque<ActionSpec> specs{};  // never moved: a plan points at them
    std::string files{};             // tells the action files apart by what stands in them
    ServiceOptions service{};
    PlanPolicy policy{};
    ChangeManners manners{};
    std::vector<std::string> require_snapshot{};  // repositories; empty: none is required
    std::chrono::seconds snapshot_grace{};
    std::string delete_until{};  // as find_disk_limit() reads it; empty: whatever the disks
    bool master_only = false;    // only at the elected master
    bool as_curator = false;     // an empty list is a failure
    ListedKind listed = ListedKind::nothing;  // show what the filters leave, and change nothing
    bool explains = false;                    // show what each filter found, and change nothing
    std::string explained_index{};            // of this index alone
    std::optional<PolicyKind> export_to{};    // print policies, and ask no service
};

/// `request` must outlive the task.
std::unique_ptr<UpkeepTask> begin_rotation(const RotateRequest& request, Context& context);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// One run of `caretaker cleanup`.
#pragma once

#include "common/base/upkeep_job.hpp"
#include "jobs/cleanup/docker_part.hpp"
#include "jobs/cleanup/files_part.hpp"

#include <memory>
#include <optional>
#include <string>

namespace caretaker {

struct CleanupRequest {
    FilesRequest files{};
    std::optional<DockerSettings> docker{};
    bool prunes_store = false;
    std::string plan_file{};  // nothing beyond that plan is done; empty: no such limit
    std::string imported{};   // rules to be shown, and nothing else; empty: a cleanup
};

/// `request` outlives the task.
std::unique_ptr<UpkeepTask> begin_cleanup(const CleanupRequest& request, Context& context);

}  // namespace caretaker

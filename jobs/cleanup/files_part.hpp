// SPDX-License-Identifier: Apache-2.0
// The parts `files` and `mesos` of a cleanup: rules over directories.
#pragma once

#include "jobs/cleanup/cleanup_part.hpp"
#include "jobs/cleanup/file_rule_settings.hpp"
#include "jobs/cleanup/mesos_sandboxes.hpp"

#include <memory>
#include <optional>
#include <string>

namespace caretaker {

class SavedPlan;
struct Context;

struct FilesRequest {
    FileRules rules{};
    std::optional<SandboxSettings> sandboxes{};
    std::optional<std::string> explained{};         // absolute path: only say what becomes of it
    std::shared_ptr<const SavedPlan> saved_plan{};  // nothing beyond it is taken
    bool lists_paths = false;                       // and says nothing else
};

std::unique_ptr<CleanupPart> make_files_part(const FilesRequest& request, Context& context);

}  // namespace caretaker

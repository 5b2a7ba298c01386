// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/process_check.hpp"

#include "common/config/settings.hpp"

#include <fmt/format.h>

#include <dirent.h>
#include <unistd.h>

#include <algorithm>

namespace caretaker {

namespace {

bool cleans_files(const Settings& settings) {
    return !settings.text("cleanup.mesos_sandboxes.work_dir").empty() ||
           std::ranges::any_of(settings.all(), [](const Setting* setting) {
               return setting->path.starts_with("cleanup.files.");
           });
}

/// Of another user's process only root can see that.
bool can_list(const std::string& path) {
    DIR* const folder = opendir(path.c_str());
    if (folder == nullptr) {
        return false;
    }
    closedir(folder);
    return true;
}

}  // namespace

CheckRows check_files_in_use(const Settings& settings, const std::string& proc) {
    if (!cleans_files(settings)) {
        return {};
    }
    CheckRow row{.check = "files in use", .subject = proc};
    if (can_list(proc + "/1/fd")) {
        row.found = "processes of all users can be seen";
    } else {
        row.state = CheckState::warning;
        row.found =
            fmt::format("the user {} does not see what other processes have open", getuid());
        row.advice =
            "run cleanup as root, in a container with the host's PID namespace; else it leaves the "
            "files of other users";
    }
    return {row};
}

}  // namespace caretaker

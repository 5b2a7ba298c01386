// SPDX-License-Identifier: Apache-2.0
#include "common/cli/lock_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace caretaker {

std::vector<std::filesystem::path> lock_directories(const std::string& store_path,
                                                    const EnvironmentMap& environment,
                                                    unsigned user_id) {
    if (!store_path.empty()) {
        return {std::filesystem::path(store_path).parent_path()};
    }
    std::vector<std::filesystem::path> directories;
    const auto runtime = environment.find("XDG_RUNTIME_DIR");
    if (runtime != environment.end() && !runtime->second.empty()) {
        directories.emplace_back(std::filesystem::path(runtime->second) / "caretaker");
    }
    directories.emplace_back("/run/lock/caretaker");
    directories.emplace_back("/tmp/caretaker-" + std::to_string(user_id));
    return directories;
}

bool prepare_lock_directory(const std::filesystem::path& directory) {
    constexpr mode_t own_only = 0700;
    if (::mkdir(directory.c_str(), own_only) != 0 && errno != EEXIST) {
        return false;
    }

    struct stat status {};

    return ::lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == ::geteuid() && ::access(directory.c_str(), W_OK) == 0;
}

}  // namespace caretaker

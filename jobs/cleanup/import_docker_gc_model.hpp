// SPDX-License-Identifier: Apache-2.0
// What a configuration of docker-gc says, as our section `cleanup.docker`. No IO.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct ImportedDockerRules {
    bool has_settings = false;  // else it is a list of names to spare alone
    std::string older_than{"1h"};
    std::string keep_newest_tags{"0"};
    bool removes_volumes = false;
    bool spares_dead = false;
    std::vector<std::string> spared_images{};      // globs
    std::vector<std::string> spared_containers{};  // globs
    std::vector<std::string> remarks{};            // whole sentences
};

/// A script or environment file that sets its variables, or one of its lists of what to spare: of
/// containers where `origin`, the file's name, says so, else of images.
ImportedDockerRules import_docker_gc(std::string_view text, std::string_view origin);

/// The section that says the same, with the remarks as comments below it.
std::string format_imported_docker_rules(const ImportedDockerRules& imported,
                                         std::string_view origin);

}  // namespace caretaker

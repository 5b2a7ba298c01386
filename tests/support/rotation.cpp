// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rotation.hpp"

#include "tests/support/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

namespace caretaker::testing {

std::vector<std::string> Rotation::actions() const {
    std::vector<std::string> all;
    if (!json.IsObject()) {
        return all;
    }
    for (const auto& action : json_at(json, "actions").GetArray()) {
        all.push_back(fmt::format("{} {} {}",
                                  json_text(action, "kind"),
                                  json_text(action, "subject"),
                                  json_text(action, "state")));
    }
    return all;
}

Command rotation_command(const RotationPlace& place,
                         const std::string& actions,
                         std::vector<std::string> options) {
    const std::string file = place.home.file("actions.yml");
    std::ofstream(file) << actions;
    Command command;
    command.argv = {place.binary,
                    "rotate",
                    "--es-url",
                    place.url,
                    "--store",
                    place.home.file("store.db"),
                    "--no-statsd",
                    "-o",
                    "json"};
    if (std::ranges::find(options, "--max-percent") == options.end()) {
        options.insert(options.end(), {"--max-percent", "100"});
    }
    command.argv.insert(command.argv.end(), options.begin(), options.end());
    command.argv.push_back(file);
    command.inherit_environment = false;
    command.environment = {{"HOME", place.home.path().string()}};
    command.environment.insert(
        command.environment.end(), place.environment.begin(), place.environment.end());
    return command;
}

Rotation run_rotation(const RotationPlace& place,
                      const std::string& actions,
                      std::vector<std::string> options) {
    const Finished finished =
        run_command(rotation_command(place, actions, std::move(options)), place.limit);
    Rotation rotation{finished.status.code, finished.out, finished.err};
    if (!finished.out.empty()) {
        rotation.json = parse_json(finished.out);
    }
    return rotation;
}

}  // namespace caretaker::testing

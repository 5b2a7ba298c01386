// SPDX-License-Identifier: Apache-2.0
// Gathers the settings of a run from files, environment and flags.
#pragma once

#include "common/base/trigger.hpp"
#include "common/config/config_problem.hpp"
#include "common/config/settings.hpp"
#include "common/config/value_rule.hpp"
#include "common/config/yaml_file.hpp"

#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// Where settings may come from.
struct ConfigSources {
    std::vector<std::string> config_files{};  // --config; a later one wins; empty: the usual places
    EnvironmentMap environment{};
    std::vector<Setting> flags{};  // origin: the flag, e.g. "--store"
    std::string system_directory{"/etc/caretaker"};
    std::span<const ValueRule> rules{};  // of the values in files and variables
};

struct LoadedSettings {
    Settings settings{};
    std::vector<ConfigProblem> problems{};  // any: the settings must not be used
    std::vector<DoubtfulValue> doubtful{};  // those too that a stronger source replaces
    bool store_in_doubt = false;  // the problems leave open which store is meant: see StoreDoubt
    std::vector<std::string> files{};  // those read, in their order
    std::vector<std::string> warnings{};
};

/// Reads the files of --config, else of CARETAKER_CONFIG; where neither names any, caretaker.yml of
/// the system directory with its conf.d/*.yml in byte order; where those are missing,
/// caretaker/caretaker.yml in $XDG_CONFIG_HOME or ~/.config. Flags win over environment,
/// environment over files, a later file over an earlier one, key by key. Every problem of every
/// source is returned; nothing is thrown for them.
LoadedSettings load_settings(const ConfigSources& sources);

/// Whether that value is the one that holds, so that a run which needs the key cannot do without
/// it.
bool is_in_effect(const DoubtfulValue& value, const Settings& settings);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/config/variable_table.hpp"

#include <array>

namespace caretaker {

namespace {

constexpr std::array own{
    VariableInfo{.name = "CARETAKER_CONFIG",
                 .help = "Configuration file, where --config names none."},
    VariableInfo{.name = "CARETAKER_TARGET",
                 .help = "The platform to work on, where --target names none."},
    VariableInfo{.name = "CARETAKER_STORE",
                 .help = "Short for CARETAKER_STORE_PATH: the SQLite file for results, or none.",
                 .short_for = "store.path"},
    VariableInfo{.name = "CARETAKER_LOG",
                 .help = "Short for CARETAKER_LOG_LEVEL: the least important message shown.",
                 .short_for = "log.level"},
    VariableInfo{.name = "CARETAKER_HOST",
                 .help = "The host's name in log, store and reports, instead of the system's."},
    VariableInfo{.name = "CARETAKER_EXIT_ZERO",
                 .help = "Outcomes for which the exit code is 0 all the same, as --exit-zero."},
    VariableInfo{.name = "CARETAKER_REQUIRE_ENGINES"},
    VariableInfo{.name = "CARETAKER_ENGINES_CACHE"},
};

constexpr std::array shared{
    VariableInfo{.name = "NO_COLOR", .help = "Not empty: no colour, as --color never."},
    VariableInfo{.name = "TERM", .help = "dumb: no colour and no progress line."},
    VariableInfo{.name = "TZ", .help = "The zone of times at a terminal."},
    VariableInfo{.name = "XDG_CONFIG_HOME",
                 .help = "Where caretaker/caretaker.yml is sought; otherwise ~/.config."},
    VariableInfo{.name = "XDG_STATE_HOME",
                 .help = "Where caretaker/caretaker.db is kept; otherwise ~/.local/state."},
    VariableInfo{.name = "XDG_RUNTIME_DIR", .help = "Where locks are, when there is no store."},
    VariableInfo{.name = "CHRONOS_JOB_NAME, CHRONOS_JOB_RUN_TIME, CHRONOS_JOB_RUN_ATTEMPT",
                 .help = "Set by Chronos: the run is recorded as started by it."},
    VariableInfo{.name = "BUILD_URL, JENKINS_URL",
                 .help = "Set by Jenkins: the run is recorded as started by it."},
    VariableInfo{.name = "http_proxy, https_proxy, no_proxy",
                 .help = "Proxies, where a service's settings name none."},
};

}  // namespace

std::span<const VariableInfo> own_variables() {
    return own;
}

std::span<const VariableInfo> common_variables() {
    return shared;
}

}  // namespace caretaker

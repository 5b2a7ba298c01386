// SPDX-License-Identifier: Apache-2.0
#include "common/base/host.hpp"

#include <unistd.h>

#include <array>
#include <climits>
#include <fstream>

namespace caretaker {

std::string choose_host_name(const EnvironmentMap& environment, std::string_view system_name) {
    const auto value_of = [&](std::string_view name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string{} : found->second;
    };
    if (std::string chosen = value_of("CARETAKER_HOST"); !chosen.empty()) {
        return chosen;
    }
    if (std::string agent = value_of("HOST");
        !agent.empty() && !value_of("CHRONOS_JOB_NAME").empty()) {
        return agent;
    }
    return std::string(system_name);
}

std::string system_host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    if (::gethostname(name.data(), name.size()) != 0 || name[0] == '\0') {
        return "localhost";
    }
    name.back() = '\0';  // a name that was cut need not be terminated
    return name.data();
}

std::string boot_id() {
    std::string id;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
    return id;
}

}  // namespace caretaker

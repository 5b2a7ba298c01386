// SPDX-License-Identifier: Apache-2.0
#include "common/base/host.hpp"

#include <pwd.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
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

std::string user_name() {
    if (const char* caller = std::getenv("SUDO_USER"); caller != nullptr && *caller != '\0') {
        return caller;
    }
    const uid_t user = ::geteuid();
    std::array<char, 4096> buffer{};

    struct passwd entry {};

    struct passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
        return found->pw_name;
    }
    return "uid " + std::to_string(user);
}

std::string boot_id() {
    std::string id;
    std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
    return id;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/doctor/permission_check.hpp"

#include "common/config/settings.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

namespace caretaker {

namespace {

struct NamedFile {
    std::string reason{};  // the key that names it, or "configuration"
    bool holds_secret = false;
};

/// "/etc/caretaker/caretaker.yml" of "/etc/caretaker/caretaker.yml:3:9"; empty for values that come
/// from elsewhere.
std::string file_of_origin(const std::string& origin) {
    std::size_t end = origin.size();
    for (int part = 0; part < 2; ++part) {
        end = origin.rfind(':', end == 0 ? 0 : end - 1);
        if (end == std::string::npos) {
            return {};
        }
    }
    return origin.substr(0, end);
}

bool names_a_secret(std::string_view path) {
    constexpr std::array keys{"password_file", "token_file", "client_key_file", "properties_file"};
    return std::ranges::any_of(
        keys, [path](const char* key) { return path.ends_with(std::string(".") + key); });
}

std::map<std::string, NamedFile> list_files(const Settings& settings) {
    std::map<std::string, NamedFile> files;
    for (const Setting* setting : settings.all()) {
        const std::string origin = file_of_origin(setting->origin);
        if (!origin.empty()) {
            NamedFile& file = files[origin];
            file.reason = "configuration";
            file.holds_secret = file.holds_secret || setting->spec->secret;
        }
        const auto* path = std::get_if<std::string>(&setting->value);
        if (path != nullptr && !path->empty() && names_a_secret(setting->path)) {
            files[*path] = {.reason = setting->path, .holds_secret = true};
        }
    }
    return files;
}

CheckRow check_file(const std::string& path, const NamedFile& file) {
    CheckRow row{.check = "permissions", .subject = path, .found = file.reason};

    struct stat status {};

    if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0) {
        row.state = CheckState::failed;
        row.found += fmt::format(": {}", std::strerror(errno));
        row.advice = "make the file readable for this user, or correct its path";
        return row;
    }
    row.found += fmt::format(", mode {:04o}", status.st_mode & 07777U);
    if (file.holds_secret && (status.st_mode & S_IROTH) != 0) {
        row.state = CheckState::warning;
        row.found += ", holds a secret";
        row.advice = "chmod o-r " + path;
    } else if ((status.st_mode & S_IWOTH) != 0) {
        row.state = CheckState::warning;
        row.found += ", everybody can change it";
        row.advice = "chmod o-w " + path;
    }
    return row;
}

}  // namespace

CheckRows check_permissions(const Settings& settings) {
    CheckRows rows;
    for (const auto& [path, file] : list_files(settings)) {
        rows.push_back(check_file(path, file));
    }
    if (rows.empty()) {
        rows.push_back({.check = "permissions",
                        .subject = "files",
                        .state = CheckState::skipped,
                        .found = "no configuration file and no file of a secret is in use"});
    }
    return rows;
}

CheckRows check_docker_socket(const std::string& path) {
    CheckRow row{.check = "docker socket", .subject = path};

    struct stat status {};

    if (::stat(path.c_str(), &status) != 0) {
        row.state = errno == ENOENT ? CheckState::skipped : CheckState::failed;
        row.found = std::strerror(errno);
    } else if (!S_ISSOCK(status.st_mode)) {
        row.state = CheckState::failed;
        row.found = "is no socket";
        row.advice = "bind-mount the daemon's socket there";
    } else if (::access(path.c_str(), R_OK | W_OK) != 0) {
        row.state = CheckState::failed;
        row.found = fmt::format("mode {:04o}, owner {}:{}: {}",
                                status.st_mode & 07777U,
                                status.st_uid,
                                status.st_gid,
                                std::strerror(errno));
        row.advice = "add this user to the socket's group";
    } else {
        row.found = "may be read and written";
    }
    return {row};
}

}  // namespace caretaker

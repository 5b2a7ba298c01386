// SPDX-License-Identifier: Apache-2.0
// Whether files can be read by us, and secrets by nobody else.
#pragma once

#include "jobs/doctor/doctor_check.hpp"

#include <string>

namespace caretaker {

class Settings;

/// A row for each file that the settings name or came from.
CheckRows check_permissions(const Settings& settings);

/// Whether this user may talk to the Docker daemon behind the socket `path`: that takes the right
/// to write. A missing socket is skipped.
CheckRows check_docker_socket(const std::string& path);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Whether `cleanup` can tell which files are in use.
#pragma once

#include "jobs/doctor/doctor_check.hpp"

#include <string>

namespace caretaker {

class Settings;

/// No row where nothing is configured that cleans files. `proc`: "/proc".
CheckRows check_files_in_use(const Settings& settings, const std::string& proc);

}  // namespace caretaker

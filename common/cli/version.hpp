// SPDX-License-Identifier: Apache-2.0
// `caretaker --version`: this build and the libraries it runs with.
#pragma once

#include <string>

namespace caretaker {

/// "caretaker 0.1.0 (a1b2c3d, 2026-05-04)".
std::string format_version();

/// The same with compiler, store schema and the run-time version of every library, a line each.
std::string format_version_details();

/// The same facts as one JSON document.
std::string format_version_json();

}  // namespace caretaker

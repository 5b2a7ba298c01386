// SPDX-License-Identifier: Apache-2.0
// What the small zips of Elasticsearch from 8.9 on lack: the module that answers `GET /`.
#pragma once

#include <filesystem>
#include <string>

namespace caretaker::testing {

/// Compiles a plug-in that answers as that module does and puts it into the home's modules. Throws
/// EngineUnavailable where `java` has no compiler.
void add_root_answer(const std::filesystem::path& home,
                     const std::filesystem::path& java,
                     const std::string& version);

}  // namespace caretaker::testing

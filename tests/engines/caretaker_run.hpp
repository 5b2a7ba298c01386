// SPDX-License-Identifier: Apache-2.0
// A run of the real binary, alone with its arguments: no store, no configuration of this machine.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"

#include <string>
#include <vector>

namespace caretaker::testing {

struct CaretakerRun {
    int exit_code = 0;
    std::string out{};
    std::string err{};

    /// The document on standard output; throws when there is none.
    [[nodiscard]] rapidjson::Document json() const { return parse_json(out); }
};

/// Runs `caretaker` with `arguments` and `--store none -o json`.
CaretakerRun run_caretaker(std::vector<std::string> arguments);

}  // namespace caretaker::testing

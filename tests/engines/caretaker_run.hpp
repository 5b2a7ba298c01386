// SPDX-License-Identifier: Apache-2.0
// Runs of the real binary, with nothing of this machine's store and configuration.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>
#include <utility>
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

/// A store and a configuration of their own, so that a run finds what those before it kept.
class CaretakerHome {
 public:
    /// `configuration`: what stands in caretaker.yml.
    explicit CaretakerHome(const std::string& configuration = {});

    /// Replaces it.
    void configure(const std::string& configuration) const;

    /// Of the environment of the next runs.
    void set_variable(const std::string& name, const std::string& value) {
        variables_.emplace_back(name, value);
    }

    /// Runs `caretaker` with `arguments` and `-o json`.
    [[nodiscard]] CaretakerRun run(std::vector<std::string> arguments) const;

 private:
    TempDir folder_;
    std::vector<std::pair<std::string, std::string>> variables_{};
};

}  // namespace caretaker::testing

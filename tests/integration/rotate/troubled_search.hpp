// SPDX-License-Identifier: Apache-2.0
// A fake search engine that a test can interfere with, and `caretaker rotate` run against it.
#pragma once

#include "tests/sandbox/interfered_search.hpp"
#include "tests/support/json.hpp"
#include "tests/support/rotation.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace caretaker::testing {

class TroubledSearch : public sandbox::InterferedSearch {
 public:
    using InterferedSearch::count;
    using InterferedSearch::InterferedSearch;

    /// Runs the action file with `options`, `--yes` by default.
    Rotation rotate(const std::string& actions, std::vector<std::string> options = {"--yes"});

    /// Begins the same.
    ChildProcess start(const std::string& actions, std::vector<std::string> options = {"--yes"});

    /// Sets an environment variable of the runs to come.
    void set_variable(const std::string& name, const std::string& value);

    /// How many actions of runs that are over have no known end.
    [[nodiscard]] std::size_t open_actions() const;

    /// "127.0.0.1:<port>".
    [[nodiscard]] std::string address() const;

    [[nodiscard]] std::size_t count() { return server().requests().size(); }

 private:
    [[nodiscard]] RotationPlace place() const;

    TempDir home_{};
    std::map<std::string, std::string> variables_{};
};

}  // namespace caretaker::testing

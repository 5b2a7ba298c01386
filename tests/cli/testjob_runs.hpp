// SPDX-License-Identifier: Apache-2.0
// Runs of caretaker-testjob with a store and a host of their own.
#pragma once

#include "common/store/store.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

using Variables = std::vector<std::pair<std::string, std::optional<std::string>>>;

class TestjobRuns {
 public:
    /// What starts the program with these arguments; standard input is no terminal.
    [[nodiscard]] Command command(const std::vector<std::string>& args,
                                  const Variables& variables = {}) const;

    /// Runs it to its end.
    Finished run(const std::vector<std::string>& args, const Variables& variables = {}) const;

    /// The store as the next run will find it; opened anew each time.
    [[nodiscard]] std::unique_ptr<Store> store() const;

    /// All runs, oldest first.
    [[nodiscard]] std::vector<RunRow> rows() const;

    /// Everything about the run that began last.
    [[nodiscard]] RunDetails last() const;

    /// Writes a configuration file with these targets and returns its path.
    [[nodiscard]] std::string configure_targets(const std::vector<std::string>& names) const;

    [[nodiscard]] std::string file(std::string_view name) const { return directory_.file(name); }

    [[nodiscard]] std::string store_path() const { return file("caretaker.db"); }

 private:
    TempDir directory_;
};

}  // namespace caretaker::testing

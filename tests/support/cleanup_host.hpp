// SPDX-License-Identifier: Apache-2.0
// A directory to be cleaned, and runs of `caretaker cleanup` over it as seen from outside.
#pragma once

#include "tests/support/temp_dir.hpp"

#include <rapidjson/document.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::testing {

struct Cleanup {
    int exit_code = 0;
    std::string out{};
    std::string err{};
    rapidjson::Document json{};

    /// "unlink /…/a.log done" of each row, the root left out of the path.
    std::vector<std::string> rows{};

    /// The codes of all problems.
    [[nodiscard]] std::set<std::string> error_codes() const;

    [[nodiscard]] std::string summary() const;
};

class CleanupHost {
 public:
    /// Of caretaker.
    explicit CleanupHost(std::string binary);

    /// The directory that rules clean; there is nothing in it.
    [[nodiscard]] const std::string& root() const { return root_; }

    [[nodiscard]] std::string path(std::string_view relative) const;

    /// Makes a file of that many bytes, and the directories above it, `age` seconds old.
    void file(std::string_view relative, std::int64_t age, std::size_t size = 10) const;

    void directory(std::string_view relative) const;

    /// Makes an entry of any type so many seconds old.
    void set_age(std::string_view relative, std::int64_t age) const;

    /// The paths of everything below the root, relative, directories with a slash at their end.
    [[nodiscard]] std::set<std::string> tree() const;

    /// Runs over one rule of the name `r` with these further keys, as YAML of one line:
    /// "older_than: 1d, keep_newest: 2". JSON is asked for.
    [[nodiscard]] Cleanup run(const std::string& keys,
                              const std::vector<std::string>& options) const;

    /// Runs with the text of a whole configuration file.
    [[nodiscard]] Cleanup run_with(const std::string& configuration,
                                   const std::vector<std::string>& options) const;

    /// Lets the next runs die as if they were killed at that point (common/base/die_point.hpp);
    /// empty: no more.
    void let_runs_die_at(const std::string& point) { die_at_ = point; }

    /// Lets the next runs see this process alone of all, as some hosts do not let even root look at
    /// the others.
    void let_runs_see_this_process_only();

    /// Makes a folder like /proc without any process, where some wait for the disk for that share
    /// of the time, "12.50" percent; for CARETAKER_TEST_PROC.
    [[nodiscard]] std::string make_proc(std::string_view io_pressure) const;

    [[nodiscard]] const TempDir& home() const { return home_; }

 private:
    TempDir home_;
    std::string binary_;
    std::string root_;
    std::string die_at_{};
    std::string proc_{};
};

}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
// What is wrong with a configuration, and where.
#pragma once

#include <span>
#include <string>

namespace caretaker {

struct ConfigProblem {
    std::string file{};  // or the environment variable's name
    int line = 0;        // from 1; 0: the file as a whole
    int column = 0;      // from 1
    std::string message{};
    std::string about{};  // the key or section that is wrong, or the one that was probably meant;
                          // empty: any of the file's
    bool stray = false;   // `about` is a key that resembles none that is known

    friend bool operator==(const ConfigProblem&, const ConfigProblem&) = default;
};

/// "/etc/caretaker/caretaker.yml:3:9: unknown key 'stor'; did you mean 'store'?", without control
/// characters and not longer than a few lines.
std::string format_problem(const ConfigProblem& problem);

/// All of them for one UsageError: a single one in the same line, several one a line below a count.
std::string format_problems(std::span<const ConfigProblem> problems);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// `caretaker lag judge`: cases on standard input, verdicts on standard output.
#pragma once

#include "common/base/input_source.hpp"
#include "common/base/report.hpp"

#include <functional>
#include <string_view>

namespace caretaker {

class Log;

/// Judges each line of `input`; blank ones are passed over. A wrong line gets no answer but an
/// error in the log, with its number; the others are judged all the same. The outcome is then
/// partial, or failed when not one line was right. Each answer goes to `write` at once, for those
/// that ask line by line; once that gives false the rest is not read. Without it the document holds
/// the answers.
Report judge_lines(InputSource input,
                   Log& log,
                   const std::function<bool(std::string_view answer)>& write = {});

}  // namespace caretaker

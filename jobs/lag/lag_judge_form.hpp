// SPDX-License-Identifier: Apache-2.0
// `caretaker lag judge`: cases on standard input, verdicts on standard output.
#pragma once

#include "common/base/input_source.hpp"
#include "common/base/report.hpp"

namespace caretaker {

class Log;

/// Judges each line of `input`; blank ones are passed over. A wrong line gets no answer but an
/// error in the log, with its number; the others are judged all the same. The outcome is then
/// partial, or failed when not one line was right. The document holds the answers.
Report judge_lines(InputSource input, Log& log);

}  // namespace caretaker

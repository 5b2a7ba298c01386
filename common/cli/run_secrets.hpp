// SPDX-License-Identifier: Apache-2.0
// The secrets that a run knows, and how they stay out of what it says.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace caretaker {

class Settings;
struct Report;

/// The literal secrets of all settings, and of the files that they name: passwords, tokens, secret
/// properties and headers, passwords within URLs, and what basic authentication makes of them. A
/// file that cannot be read is left out: whoever needs it says so.
std::vector<std::string> find_secrets(const Settings& settings);

/// Takes them out of the sentences of a report: summary, problems, messages and data of findings.
/// What identifies things (subjects, rows) stays: a weak password would take their names away.
void redact_report(Report& report, std::span<const std::string> secrets);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The command line of a run that is repeated, with what was asked for this time. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// `recorded` are the arguments of the run to repeat, `given` those of the command that repeats it
/// ("again", "last:lag", "-o", "json"). Of the options that every command takes, those that were
/// given stand in for those that were recorded. Both without the program's name.
std::vector<std::string> repeat_arguments(std::vector<std::string> recorded,
                                          std::span<const std::string> given);

}  // namespace caretaker

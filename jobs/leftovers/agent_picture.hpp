// SPDX-License-Identifier: Apache-2.0
// How full an agent is, as a bar of letters. Pure.
#pragma once

#include "common/clients/milli.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace caretaker {

struct BarPart {
    char letter = ' ';
    Milli amount = 0;
};

/// A bar of `width` letters, each part by its share of the sum of all, in their order: as near as
/// whole letters come, but none that is there without one, as long as there are letters enough. A
/// sum of 0 is a bar of blanks.
std::string draw_bar(std::span<const BarPart> parts, std::size_t width);

}  // namespace caretaker

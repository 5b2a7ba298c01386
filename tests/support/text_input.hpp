// SPDX-License-Identifier: Apache-2.0
// A text as standard input.
#pragma once

#include "common/base/input_source.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

namespace caretaker {

/// Gives `text` in pieces of at most `piece` bytes.
inline InputSource text_input(std::string text, std::size_t piece = 4'096) {
    return [text = std::move(text), piece, begin = std::size_t{0}](
               std::span<char> buffer) mutable -> std::size_t {
        const std::size_t length = std::min({piece, buffer.size(), text.size() - begin});
        std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(begin), length, buffer.begin());
        begin += length;
        return length;
    };
}

}  // namespace caretaker

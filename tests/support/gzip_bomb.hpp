// SPDX-License-Identifier: Apache-2.0
// Little that unpacks to much.
#pragma once

#include <cstddef>
#include <string>

namespace caretaker::testing {

/// How many letters gzip_of_letters() holds.
constexpr std::size_t letters_in(std::size_t repeats) {
    return repeats * 258 + 1;
}

/// A gzip stream (RFC 1952) of that many letters `a`, some 160 times smaller: fixed Huffman codes,
/// each match repeating the byte before it (RFC 1951, section 3.2.6).
std::string gzip_of_letters(std::size_t repeats);

}  // namespace caretaker::testing

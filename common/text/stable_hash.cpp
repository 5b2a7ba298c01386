// SPDX-License-Identifier: Apache-2.0
#include "common/text/stable_hash.hpp"

#include <fmt/format.h>

namespace caretaker {

std::uint64_t stable_hash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3;
    }
    return hash;
}

std::string hex16(std::uint64_t number) {
    return fmt::format("{:016x}", number);
}

}  // namespace caretaker

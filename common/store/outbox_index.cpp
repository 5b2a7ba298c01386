// SPDX-License-Identifier: Apache-2.0
#include "common/store/outbox_index.hpp"

namespace caretaker {

std::string outbox_index(std::string pattern, std::string_view month) {
    constexpr std::string_view word = "{month}";
    if (const auto at = pattern.find(word); at != std::string::npos) {
        pattern.replace(at, word.size(), month);
    }
    return pattern;
}

}  // namespace caretaker

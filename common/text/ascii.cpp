// SPDX-License-Identifier: Apache-2.0
#include "common/text/ascii.hpp"

namespace caretaker {

namespace {

constexpr int case_distance = 'a' - 'A';

}  // namespace

std::string ascii_lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c + case_distance);
        }
    }
    return result;
}

std::string ascii_upper(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'a' && c <= 'z') {
            c = static_cast<char>(c - case_distance);
        }
    }
    return result;
}

}  // namespace caretaker

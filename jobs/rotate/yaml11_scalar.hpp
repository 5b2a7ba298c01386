// SPDX-License-Identifier: Apache-2.0
// What YAML 1.1, the dialect of action files, makes of a value without quotes.
#pragma once

#include <cstdint>
#include <string_view>

namespace caretaker {

enum class Yaml11Type { text, boolean, integer, real, date };

struct Yaml11Scalar {
    Yaml11Type type = Yaml11Type::text;
    bool flag = false;
    std::int64_t integer = 0;
    double real = 0;  // of integers beyond int64, too: those are of type `real`
};

/// `yes`, `On` and the like are booleans, 010 is 8, 0x1F 31, 0b11 3, 1_000 1000, 12:30:45 a number
/// to the base 60; 1e3 is text (it lacks a point), 2017-01-01 a date. Null is told apart by the
/// parser.
Yaml11Scalar resolve_yaml11(std::string_view text);

}  // namespace caretaker

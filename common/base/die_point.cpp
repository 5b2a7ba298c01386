// SPDX-License-Identifier: Apache-2.0
#include "common/base/die_point.hpp"

#ifndef NDEBUG
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#endif

namespace caretaker {

#ifdef NDEBUG

void die_point(std::string_view /*name*/) noexcept {}

#else

namespace {

struct Chosen {
    std::string_view name{};
    int times_left = 1;
};

Chosen read_choice() noexcept {
    const char* variable = std::getenv("CARETAKER_TEST_DIE_AT");
    const std::string_view text = variable == nullptr ? "" : variable;
    const std::size_t colon = text.find(':');
    Chosen chosen{.name = text.substr(0, colon)};
    if (colon != std::string_view::npos) {
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), chosen.times_left);
    }
    return chosen;
}

}  // namespace

void die_point(std::string_view name) noexcept {
    static Chosen chosen = read_choice();
    if (name == chosen.name && --chosen.times_left == 0) {
        ::kill(::getpid(), SIGKILL);
    }
}

#endif

}  // namespace caretaker

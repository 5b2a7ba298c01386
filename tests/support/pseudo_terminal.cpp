// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pseudo_terminal.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace caretaker::testing {

namespace {

void check(bool success, const char* what) {
    if (!success) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

}  // namespace

PseudoTerminal::PseudoTerminal() : test_end_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    const int end = test_end_.get();
    if (end < 0 && (errno == ENODEV || errno == ENOENT)) {
        return;
    }
    check(end >= 0, "making a pseudo terminal");
    std::array<char, 64> name{};
    check(::grantpt(end) == 0 && ::unlockpt(end) == 0 &&
              ::ptsname_r(end, name.data(), name.size()) == 0,
          "preparing a pseudo terminal");
    program_end_ = Fd(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    check(program_end_.get() >= 0, "opening a pseudo terminal");
}

void PseudoTerminal::type(std::string_view text) {
    check(::write(test_end_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "typing at a pseudo terminal");
}

}  // namespace caretaker::testing

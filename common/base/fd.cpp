// SPDX-License-Identifier: Apache-2.0
#include "common/base/fd.hpp"

#include <unistd.h>

namespace caretaker {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void Fd::reset() noexcept {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

}  // namespace caretaker

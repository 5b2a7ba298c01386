// SPDX-License-Identifier: Apache-2.0
#include "common/base/standard_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace caretaker {

void occupy_closed_standard_streams() noexcept {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) {
            // The lowest free number is this one, as those below are taken by now. Reading only: a
            // write has to fail, or a lost result would look like a good one.
            [[maybe_unused]] const int taken = ::open("/dev/null", O_RDONLY);
        }
    }
}

}  // namespace caretaker

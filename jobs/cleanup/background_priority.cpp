// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/background_priority.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace caretaker {

void step_back(int nice) {
    if (nice == 0) {
        return;
    }
    errno = 0;
    const int before = getpriority(PRIO_PROCESS, 0);
    if (errno == 0 && before < nice) {  // somebody may have asked for more
        setpriority(PRIO_PROCESS, 0, nice);
    }
    constexpr int of_process = 1;  // <linux/ioprio.h>, which old headers do not have
    constexpr int idle_class = 3 << 13;
    syscall(SYS_ioprio_set, of_process, 0, idle_class);
}

}  // namespace caretaker

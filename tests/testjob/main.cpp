// SPDX-License-Identifier: Apache-2.0
// caretaker-testjob: the program with jobs that exist for tests alone.
#include "common/cli/main_program.hpp"
#include "tests/testjob/idle_job.hpp"
#include "tests/testjob/purge_job.hpp"

#include <array>

int main(int argc, char** argv) {
    const std::array registry{caretaker::testing::idle_job_entry(),
                              caretaker::testing::purge_job_entry()};
    return caretaker::run_main(registry, {}, argc, argv);
}

// SPDX-License-Identifier: Apache-2.0
// The program.
#include "common/cli/main_program.hpp"
#include "jobs/registry.hpp"

int main(int argc, char** argv) {
    return caretaker::run_main(caretaker::registry(), argc, argv);
}

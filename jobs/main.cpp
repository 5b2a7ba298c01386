// SPDX-License-Identifier: Apache-2.0
// The program. Called by the name `curator` (a link), it is its command `rotate` with Curator's
// manners.
#include "common/cli/main_program.hpp"
#include "jobs/registry.hpp"
#include "jobs/rotate/curator_options.hpp"

#include <string>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (auto words = caretaker::curator_arguments(argv[0], arguments)) {
        std::vector<char*> pointers{argv[0]};
        for (std::string& word : *words) {
            pointers.push_back(word.data());
        }
        return caretaker::curator_exit_code(caretaker::run_main(caretaker::registry(),
                                                                caretaker::job_value_rules(),
                                                                static_cast<int>(pointers.size()),
                                                                pointers.data()));
    }
    return caretaker::run_main(caretaker::registry(), caretaker::job_value_rules(), argc, argv);
}

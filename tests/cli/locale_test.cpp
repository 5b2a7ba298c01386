// SPDX-License-Identifier: Apache-2.0
// Output is the same bytes under every locale.
#include "golden_text.hpp"
#include "testjob_runs.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

TEST(GermanLocale, ChangesNoByteOfAnyOutput) {
    const TestjobRuns runs;
    Variables german{{"LC_ALL", "de_DE.UTF-8"}, {"LANG", "de_DE.UTF-8"}};
    const auto made = run_command(
        {.argv = {"localedef", "-i", "de_DE", "-f", "UTF-8", runs.file("de_DE.UTF-8")}});
    if (made.status.code == 0) {
        german.emplace_back("LOCPATH", runs.file(""));
    } else if (run_command({.argv = {"sh", "-c", "locale -a | grep -qi '^de_DE.utf-*8'"}})
                   .status.code != 0) {
        std::cerr << "\n*** NOT TESTED: a German locale, for lack of the package locales ***\n";
        GTEST_SKIP() << made.err;
    }
    runs.run({"idle", "--finding", "4"});
    runs.run({"idle", "--end", "partial"});

    const auto output_of = [&](std::vector<std::string> args, const Variables& variables) {
        Command command = runs.command(args, variables);
        command.argv.front() = CARETAKER_BINARY;
        const Finished finished = run_command(command);
        return normalise_output(finished.out + finished.err, runs.file(""), "test-host");
    };
    const Variables plain{{"LC_ALL", "C"}};
    for (const std::vector<std::string>& args :
         std::vector<std::vector<std::string>>{{"history"},
                                               {"history", "-o", "json"},
                                               {"history", "show", "last"},
                                               {"history", "show", "last", "-o", "jsonl"},
                                               {"findings", "-o", "csv"},
                                               {"config", "show"},
                                               {"exit-codes"},
                                               {"history", "--limit", "x"},
                                               {"lag", "--bootstrap-server", "127.0.0.1:1"}}) {
        const std::string expected = output_of(args, plain);
        EXPECT_EQ(output_of(args, german), expected);
        EXPECT_FALSE(expected.empty());
    }
}

}  // namespace
}  // namespace caretaker::testing

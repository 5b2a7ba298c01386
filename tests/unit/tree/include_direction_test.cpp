// SPDX-License-Identifier: Apache-2.0
// The tree keeps its layers: reads every include line of common/ and jobs/.
#include "include_rules.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace caretaker {
namespace {

using Violations = std::vector<std::string>;

TEST(IncludeRules, AcceptsIncludesThatPointDown) {
    EXPECT_EQ(find_include_violations("common/kafka/a.cpp",
                                      "#include \"common/base/error.hpp\"\n#include <vector>\n"),
              Violations{});
    EXPECT_EQ(find_include_violations("jobs/lag/lag_job.cpp",
                                      "#include \"common/kafka/kafka.hpp\"\n#include <vector>\n"),
              Violations{});
    EXPECT_EQ(find_include_violations("jobs/registry.cpp", "#include \"jobs/lag/lag_job.hpp\"\n"),
              Violations{});
}

struct Broken {
    const char* path;
    const char* source;
    const char* message;
};

class BrokenInclude : public testing::TestWithParam<Broken> {};

TEST_P(BrokenInclude, IsReportedWithFileLineAndRule) {
    const Violations found = find_include_violations(GetParam().path, GetParam().source);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Rules,
    BrokenInclude,
    testing::Values(
        Broken{"common/text/a.cpp",
               "\n#include \"common/base/error.hpp\"\n",
               "common/text/a.cpp:2: common/ includes upwards or sideways (common/base/error.hpp)"},
        Broken{
            "common/kafka/a.cpp",
            "#include \"common/store/store.hpp\"\n",
            "common/kafka/a.cpp:1: common/ includes upwards or sideways (common/store/store.hpp)"},
        Broken{"common/cli/a.cpp",
               "#include \"jobs/lag/lag_job.hpp\"\n",
               "common/cli/a.cpp:1: common/ includes upwards or sideways (jobs/lag/lag_job.hpp)"},
        Broken{"common/drawer/a.cpp",
               "#include \"common/base/error.hpp\"\n",
               "common/drawer/a.cpp:1: a layer that is missing in the table of include_rules.cpp "
               "(common/base/error.hpp)"},
        Broken{"jobs/lag/a.cpp",
               "#include \"jobs/history/history_job.hpp\"\n",
               "jobs/lag/a.cpp:1: a job includes another job (jobs/history/history_job.hpp)"},
        Broken{"jobs/lag/a.cpp",
               "#include \"common/cli/runner.hpp\"\n",
               "jobs/lag/a.cpp:1: a job includes the command line (common/cli/runner.hpp)"},
        Broken{"jobs/lag/lag_job.cpp",
               "#include <librdkafka/rdkafka.h>\n",
               "jobs/lag/lag_job.cpp:1: <librdkafka/rdkafka.h> belongs to common/kafka/ "
               "(librdkafka/rdkafka.h)"},
        Broken{"jobs/store/export_line.cpp",
               "#include <rapidjson/document.h>\n",
               "jobs/store/export_line.cpp:1: <rapidjson/document.h> belongs to common/json/ "
               "(rapidjson/document.h)"},
        Broken{"common/clients/search_engine.cpp",
               "#include <rapidjson/writer.h>\n",
               "common/clients/search_engine.cpp:1: <rapidjson/writer.h> belongs to common/json/ "
               "(rapidjson/writer.h)"},
        Broken{"jobs/lag/lag_report.cpp",
               "#include <CLI/App.hpp>\n",
               "jobs/lag/lag_report.cpp:1: CLI11 belongs to common/cli and common/options "
               "(CLI/App.hpp)"},
        Broken{"jobs/lag/lag_model.cpp",
               "#include \"common/base/clock.hpp\"\n",
               "jobs/lag/lag_model.cpp:1: a plan or model includes a seam, a clock or IO "
               "(common/base/clock.hpp)"},
        Broken{"jobs/lag/lag_model.hpp",
               "#include \"common/kafka/kafka.hpp\"\n",
               "jobs/lag/lag_model.hpp:1: a plan or model includes a seam, a clock or IO "
               "(common/kafka/kafka.hpp)"}));

TEST(IncludeDirection, LetsALibraryHaveHomesBesideItsFirst) {
    for (const char* path : {"common/json/json_view.cpp", "common/output/json_writer.hpp"}) {
        EXPECT_EQ(find_include_violations(path, "#include <rapidjson/writer.h>\n"), Violations{});
    }
}

TEST(IncludeDirection, LetsModelsHaveThePlainValuesOfASeam) {
    EXPECT_EQ(find_include_violations("jobs/lag/lag_model.hpp",
                                      "#include \"common/kafka/kafka_values.hpp\"\n"),
              Violations{});
}

TEST(IncludeDirection, HoldsInTheWholeTree) {
    const std::filesystem::path root = CARETAKER_SOURCE_DIR;
    Violations violations;
    int files = 0;
    for (const char* top : {"common", "jobs"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") {
                continue;
            }
            std::ostringstream text;
            text << std::ifstream(entry.path()).rdbuf();
            const auto found = find_include_violations(
                std::filesystem::relative(entry.path(), root).string(), text.str());
            violations.insert(violations.end(), found.begin(), found.end());
            ++files;
        }
    }
    EXPECT_EQ(violations, Violations{});
    EXPECT_GT(files, 50);
}

}  // namespace
}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Curator's options by the environment, under those of the command line.
#include "jobs/rotate/curator_environment.hpp"

#include "common/base/error.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

VariableLookup lookup(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](std::string_view name) {
        const auto found = variables.find(std::string(name));
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

CuratorOptions taken(std::map<std::string, std::string> variables, CuratorOptions options = {}) {
    take_curator_environment(lookup(std::move(variables)), options);
    return options;
}

TEST(CuratorEnvironment, SaysWhatTheCommandLineLeavesOpen) {
    const CuratorOptions options = taken({{"ESCLIENT_HOSTS", " http://a:1  http://b:2 "},
                                          {"ESCLIENT_USERNAME", "u"},
                                          {"ESCLIENT_PASSWORD", "p"},
                                          {"ESCLIENT_REQUEST_TIMEOUT", "2.5"},
                                          {"ESCLIENT_VERIFY_CERTS", "False"},
                                          {"ESCLIENT_MASTER_ONLY", "1"}});
    EXPECT_EQ(options.hosts, (Words{"http://a:1", "http://b:2"}));
    EXPECT_EQ(options.username, "u");
    EXPECT_EQ(options.password, "p");
    EXPECT_EQ(options.request_timeout, 2.5);
    EXPECT_EQ(options.verify_certs, false);
    EXPECT_EQ(options.master_only, true);
    EXPECT_FALSE(taken({}).names_hosts());
    EXPECT_EQ(taken({{"ESCLIENT_CLOUD_ID", "x:y"}}).cloud_id, "x:y");
}

TEST(CuratorEnvironment, GivesWayToTheCommandLine) {
    const CuratorOptions options =
        taken({{"ESCLIENT_HOSTS", "http://a:1"},
               {"ESCLIENT_CLOUD_ID", "x:y"},
               {"ESCLIENT_USERNAME", "u"},
               {"ESCLIENT_VERIFY_CERTS", "true"}},
              {.hosts = {"http://b:2"}, .username = "v", .verify_certs = false});
    EXPECT_EQ(options.hosts, Words{"http://b:2"});
    EXPECT_EQ(options.cloud_id, "");
    EXPECT_EQ(options.username, "v");
    EXPECT_EQ(options.verify_certs, false);
}

TEST(CuratorEnvironment, RefusesWhatIsNoValue) {
    for (const char* seconds : {"0", "soon", "86401", "1s"}) {
        EXPECT_THROW((void)taken({{"ESCLIENT_REQUEST_TIMEOUT", seconds}}), UsageError) << seconds;
    }
    EXPECT_THROW((void)taken({{"ESCLIENT_MASTER_ONLY", "perhaps"}}), UsageError);
}

TEST(CuratorEnvironment, AsksForADryRun) {
    EXPECT_TRUE(is_dry_run_of_environment(lookup({{"ESCLIENT_DRY_RUN", "TRUE"}})));
    EXPECT_FALSE(is_dry_run_of_environment(lookup({{"ESCLIENT_DRY_RUN", "0"}})));
    EXPECT_FALSE(is_dry_run_of_environment(lookup({})));
    EXPECT_THROW((void)is_dry_run_of_environment(lookup({{"ESCLIENT_DRY_RUN", "x"}})), UsageError);
}

TEST(CuratorEnvironment, NamesTheClientFile) {
    const TempDir home;
    const std::string path = home.file(".curator/curator.yml");
    const std::map<std::string, std::string> variables{{"HOME", home.path().string()}};
    EXPECT_EQ(find_client_file(lookup(variables)), "");
    std::filesystem::create_directories(home.file(".curator"));
    std::ofstream(path) << "client: {}\n";
    EXPECT_EQ(find_client_file(lookup(variables)), path);
    EXPECT_EQ(find_client_file(lookup({{"HOME", home.path().string()}, {"ESCLIENT_CONFIG", "c"}})),
              "c");
    EXPECT_EQ(find_client_file(lookup({})), "");
}

}  // namespace
}  // namespace caretaker

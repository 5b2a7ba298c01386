// SPDX-License-Identifier: Apache-2.0
// What programs read of `caretaker leftovers -o json`: every row fits the published schema.
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

/// The schema's name for a table, by the beginning of its title.
std::string kind_of(const std::string& title) {
    static const std::vector<std::pair<std::string, std::string>> kinds{
        {"Resources", "resources"},
        {"Apps", "apps"},
        {"Fragmentation", "fragmentation"},
        {"Without", "losses"},
        {"By ", "groups"},
        {"Forecast", "forecast"},
        {"Agents to be added", "additions"},
        {"Agents that could", "removals"},
        {"How few agents", "compaction"},
        {"Placing", "placing"},
        {"Restarts", "restarts"},
        {"Plan", "plan"},
        {"Quota", "quota"}};
    for (const auto& [beginning, kind] : kinds) {
        if (title.starts_with(beginning)) {
            return kind;
        }
    }
    return "explain";
}

class LeftoversSchema : public ::testing::Test {
 protected:
    /// {"resources": [rows], "apps": [rows], …} of a run over the case of the command line's tests.
    std::string rows_of(const std::vector<std::string>& options) {
        const std::string files =
            std::string(CARETAKER_SOURCE_DIR) + "/tests/cli/cases/leftovers-add/files/";
        Command command;
        command.argv = {CARETAKER_BINARY,
                        "leftovers",
                        "--input",
                        files + "case",
                        "--store",
                        home_.file("store.db"),
                        "--no-statsd",
                        "-o",
                        "json"};
        for (const std::string& option : options) {
            command.argv.push_back(option.ends_with(".json") ? files + option : option);
        }
        command.inherit_environment = false;
        command.environment = {{"HOME", home_.path().string()}};
        const Finished finished = run_command(command, std::chrono::seconds(60));
        const rapidjson::Document json = parse_json(finished.out);
        std::map<std::string, std::vector<const rapidjson::Value*>> kinds;
        const bool are_agents = options.front() == "--agents";
        kinds[are_agents ? "agents" : "resources"].push_back(&json_at(json, "rows"));
        for (const auto& detail : json_array(json, "details")) {
            kinds[kind_of(json_text(detail, "title"))].push_back(&json_at(detail, "rows"));
        }
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        writer.StartObject();
        for (const auto& [kind, tables] : kinds) {
            seen_[kind] = true;
            writer.Key(kind.c_str());
            writer.StartArray();
            for (const rapidjson::Value* rows : tables) {
                for (const auto& row : rows->GetArray()) {
                    row.Accept(writer);
                }
            }
            writer.EndArray();
        }
        writer.EndObject();
        return buffer.GetString();
    }

    TempDir home_{};
    std::map<std::string, bool> seen_{};
};

TEST_F(LeftoversSchema, FitsEveryTable) {
    const JsonSchema schema("caretaker.leftovers-1.json");
    for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
             {"--by",
              "rack",
              "--lose-group",
              "rack",
              "--remove-ok",
              "--compact",
              "2",
              "--forecast"},
             {"--agents", "--plan", "large.json", "--trials", "3"},
             {"--plan", "restart.json"},
             {"--add", "auto", "--for", "fits:/logs/indexer=2"},
             {"--explain", "/logs/indexer"}}) {
        const std::string rows = rows_of(options);
        EXPECT_EQ(schema.problem_of(rows), "") << rows;
    }
    for (const auto& member : schema.source()["properties"].GetObject()) {
        const std::string kind = member.name.GetString();  // offers need a master
        EXPECT_TRUE(seen_[kind] || kind == "quota" || kind.starts_with("offer"))
            << kind << " was not seen";
    }
}

TEST_F(LeftoversSchema, RefusesAnotherShape) {
    const JsonSchema schema("caretaker.leftovers-1.json");
    EXPECT_NE(schema.problem_of(R"({"plan":[{"verdict":"perhaps"}]})"), "");
    EXPECT_NE(schema.problem_of(R"({"removals":[{"given_back":3,"attributes":null}]})"), "");
    EXPECT_NE(schema.problem_of(R"({"removals":[{"attributes":null}]})"), "");
}

}  // namespace
}  // namespace caretaker::testing

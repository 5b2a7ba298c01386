// SPDX-License-Identifier: Apache-2.0
// `caretaker kibana provision` against Kibana 3 to 9 and OpenSearch Dashboards.
#include "tests/integration/kibana/kibana_town.hpp"
#include "tests/integration/kibana/provision_stage.hpp"
#include "tests/sandbox/kibana_api.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_at;
using caretaker::testing::json_text;

constexpr const char* pattern_line =
    R"({"type":"index-pattern","id":"ads","attributes":{"title":"ads-*","timeFieldName":"@timestamp"}})";
constexpr const char* search_line =
    R"({"type":"search","id":"errors","attributes":{"title":"Errors","kibanaSavedObjectMeta":{"searchSourceJSON":"{\"query\":{\"query\":\"level:error\"}}"}},"references":[{"name":"i","type":"index-pattern","id":"ads"}]})";
constexpr const char* board_line =
    R"({"type":"dashboard","id":"board","attributes":{"title":"Board","panelsJSON":"[{\"panelRefName\":\"panel_0\"}]"},"references":[{"name":"panel_0","type":"search","id":"errors"}]})";
const SavedObjectKey board{"dashboard", "board"};

/// A bundle of three objects, in an order in which they cannot be written.
void write_small_bundle(ProvisionStage& stage, const std::string& title = "Board") {
    stage.write("bundle.json", R"({"name":"ads","version":"1","default_index":"ads"})");
    std::string dashboard = board_line;
    dashboard.replace(dashboard.find("\"Board\""), 7, "\"" + title + "\"");
    stage.write("export.ndjson",
                dashboard + "\n" + search_line + "\n" + pattern_line + "\n" +
                    R"({"exportedCount":3,"missingRefCount":0,"missingReferences":[]})" + "\n");
}

std::string example_bundle() {
    return std::string(CARETAKER_SOURCE_DIR) + "/docs/examples/kibana-bundle";
}

std::size_t objects_of(const KibanaState& state, const std::string& space = "default") {
    const auto found = state.spaces.find(space);
    return found == state.spaces.end() ? 0 : found->second.size();
}

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class ProvisionVersions : public ::testing::TestWithParam<const char*> {};

TEST_P(ProvisionVersions, WritesTheExampleOnceAndThenNothing) {
    ProvisionStage stage(GetParam());
    const bool is_kibana_3 = std::string(GetParam()).starts_with("kibana-3");
    const std::size_t expected = is_kibana_3 ? 1 : 12;

    const StageRun dry = stage.run({"--bundle", example_bundle(), "--dry-run"});
    EXPECT_EQ(dry.code, 0) << dry.log;
    EXPECT_EQ(dry.count("create"), expected);
    EXPECT_EQ(stage.writes(), 0) << "of a dry run";

    const StageRun first = stage.run({"--bundle", example_bundle(), "--yes"});
    EXPECT_EQ(first.code, 0) << first.log;
    EXPECT_EQ(first.count("create"), expected);
    const auto rows = first.rows();
    EXPECT_TRUE(std::ranges::all_of(rows, [](const std::string& row) {
        return row.ends_with(": create done");
    })) << first.log;
    const std::size_t kept = stage.with_state([](const KibanaState& state) {
        return objects_of(state);
    }) + stage.documents().with_state([](const KibanaDocumentsState& state) {
        std::size_t documents = 0;
        for (const auto& [index, all] : state.indices) {
            documents += static_cast<std::size_t>(std::ranges::count_if(
                all, [](const auto& one) { return one.first.first != "config"; }));
        }
        return documents;
    });
    EXPECT_EQ(kept, expected);
    const int writes = stage.writes();
    EXPECT_GT(writes, 0);

    const StageRun second = stage.run({"--bundle", example_bundle(), "--yes"});
    EXPECT_EQ(second.code, 0) << second.log;
    EXPECT_EQ(second.count("same"), expected);
    EXPECT_TRUE(second.actions().empty());
    EXPECT_EQ(stage.writes(), writes) << "the second run wrote";
}

TEST_P(ProvisionVersions, WritesTheObjectsOfALogTypeFromItsFields) {
    const std::string version = GetParam();
    if (version.starts_with("kibana-3")) {
        return;  // its dashboards are of another kind
    }
    ProvisionStage stage(version);
    stage.documents().with_state([](KibanaDocumentsState& state) {
        state.fields["web-*"] = {"@timestamp", "level", "host", "message"};
        return 0;
    });
    stage.write("fields", "@timestamp date\nlevel keyword\ntook long # ms\nmessage text\n");
    const std::vector<std::string> arguments{
        "--template", "web", "--fields", stage.folder() + "/fields", "--yes"};
    const StageRun first = stage.run(arguments);
    EXPECT_EQ(first.code, 0) << first.log;
    EXPECT_EQ(first.rows(),
              (std::vector<std::string>{"index-pattern/web-*: create done",
                                        "search/web-newest: create done",
                                        "visualization/web-over-time: create done",
                                        "visualization/web-by-level: create done",
                                        "visualization/web-average-took: create done",
                                        "dashboard/web-overview: create done"}));
    const StageRun second = stage.run(arguments);
    EXPECT_EQ(second.code, 0) << second.log;
    EXPECT_EQ(second.count("same"), 6U);
}

INSTANTIATE_TEST_SUITE_P(Kibana,
                         ProvisionVersions,
                         ::testing::Values("kibana-3.1.2",
                                           "kibana-4.1.11",
                                           "kibana-4.6.4",
                                           "kibana-5.6.16",
                                           "kibana-6.2.4",
                                           "kibana-6.8.23",
                                           "kibana-7.0.1",
                                           "kibana-7.17.28",
                                           "kibana-8.11.0",
                                           "kibana-9.2.0",
                                           "opensearch-dashboards-2.19.3"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::ranges::replace_if(
                                 name, [](char c) { return c == '-' || c == '.'; }, '_');
                             return name;
                         });

class Provision : public ::testing::Test {};

TEST_F(Provision, TellsJenkinsObjectByObject) {
    ProvisionStage stage("kibana-8.11.0");
    write_small_bundle(stage);
    const std::string path = stage.home().file("junit.xml");
    EXPECT_EQ(stage.provision({"--yes", "--junit", path}).code, 0);
    EXPECT_NE(text_of(path).find(R"(tests="3" failures="0" errors="0")"), std::string::npos)
        << text_of(path);
    EXPECT_NE(text_of(path).find(R"(name="dashboard/board")"), std::string::npos) << text_of(path);

    stage.with_state([](KibanaState& state) {
        state.condition = KibanaCondition::starting;
        return 0;
    });
    EXPECT_NE(stage.provision({"--yes", "--junit", path, "--wait", "1s"}).code, 0);
    EXPECT_NE(text_of(path).find(R"(errors="1")"), std::string::npos) << text_of(path);
    EXPECT_EQ(stage.provision({"--yes", "--junit", "/proc/none/junit.xml"}).code, 2);
}

TEST_F(Provision, KeepsWhatPeopleChangedUnlessAskedToPutItBack) {
    ProvisionStage stage("kibana-8.11.0");
    write_small_bundle(stage);
    ASSERT_EQ(stage.provision().code, 0);
    stage.with_state([](KibanaState& state) {
        state.spaces["default"][board].attributes = R"({"title":"Mine"})";
        return 0;
    });
    const int writes = stage.writes();
    const StageRun kept = stage.provision();
    EXPECT_EQ(kept.code, 0) << kept.log;
    EXPECT_EQ(kept.rows().back(), "dashboard/board: drift -");
    EXPECT_EQ(kept.findings(),
              (std::vector<std::string>{"kibana_drift", "pattern_matches_nothing"}));
    EXPECT_EQ(stage.writes(), writes);
    // Nor is it taken for ours by a later bundle.
    write_small_bundle(stage, "Board 2");
    EXPECT_EQ(stage.provision().rows().back(), "dashboard/board: drift -");

    const StageRun back = stage.provision({"--on-drift", "overwrite"});
    EXPECT_EQ(back.code, 0) << back.log;
    EXPECT_EQ(back.rows().back(), "dashboard/board: overwrite done");
    EXPECT_EQ(back.findings(), std::vector<std::string>{"pattern_matches_nothing"});
    EXPECT_NE(stage
                  .with_state(
                      [](KibanaState& state) { return state.spaces["default"][board].attributes; })
                  .find("Board 2"),
              std::string::npos);
    EXPECT_EQ(stage.provision().count("same"), 3U);
}

TEST_F(Provision, UpdatesWhatNobodyTouched) {
    for (const char* version : {"kibana-6.2.4", "kibana-7.17.28", "kibana-8.11.0"}) {
        ProvisionStage stage(version);
        write_small_bundle(stage);
        ASSERT_EQ(stage.provision().code, 0);
        write_small_bundle(stage, "Board 2");
        const StageRun dry = stage.provision({"--dry-run"});
        EXPECT_EQ(dry.rows().back(), "dashboard/board: update -") << version;
        const StageRun run = stage.provision();
        EXPECT_EQ(run.code, 0) << run.log;
        EXPECT_EQ(run.rows().back(), "dashboard/board: update done") << version;
        EXPECT_EQ(run.count("same"), 2U) << version;
        EXPECT_EQ(stage.provision().count("same"), 3U) << version;
    }
}

TEST_F(Provision, TakesWhatKibanaMadeOfAnObjectForThatObject) {
    ProvisionStage stage("kibana-7.10.2");
    write_small_bundle(stage);
    stage.after_each([](KibanaState& state, const HttpRequest& request) {
        if (request.url.find("_import") != std::string::npos) {
            state.spaces["default"][board].attributes =
                R"({"title":"Board","panelsJSON":"[{\"panelRefName\":\"panel_0\"}]","hits":0})";
        }
    });
    ASSERT_EQ(stage.provision().code, 0);
    EXPECT_EQ(stage.provision().count("same"), 3U);
    write_small_bundle(stage, "Board 2");
    EXPECT_EQ(stage.provision().rows().back(), "dashboard/board: update done");
    EXPECT_EQ(stage.provision().count("same"), 3U);
}

TEST_F(Provision, ComparesReferencesBesideAttributes) {
    ProvisionStage stage("kibana-8.11.0");
    write_small_bundle(stage);
    ASSERT_EQ(stage.provision().code, 0);
    stage.with_state([](KibanaState& state) {
        state.spaces["default"][board].references = "[]";
        return 0;
    });
    EXPECT_EQ(stage.provision().rows().back(), "dashboard/board: drift -");
}

TEST_F(Provision, SetsADefaultOnlyWhereThereIsNone) {
    for (const char* version :
         {"kibana-6.2.4", "kibana-7.0.1", "kibana-7.17.28", "kibana-8.11.0"}) {
        ProvisionStage stage(version);
        write_small_bundle(stage);
        ASSERT_EQ(stage.provision().code, 0) << version;
        const auto read_default = [&] {
            return stage.with_state(
                [](const KibanaState& state) { return state.default_index.at("default"); });
        };
        EXPECT_EQ(read_default(), "ads") << version;
        stage.with_state([](KibanaState& state) {
            state.spaces["default"][{"index-pattern", "other"}] = {};
            state.default_index["default"] = "other";
            return 0;
        });
        EXPECT_TRUE(stage.provision().actions().empty()) << version;
        EXPECT_EQ(read_default(), "other") << version;
        stage.with_state([](KibanaState& state) {
            state.spaces["default"].erase({"index-pattern", "other"});
            return 0;
        });
        EXPECT_EQ(stage.provision().actions(),
                  std::vector<std::string>{"set_default index-pattern/ads done"})
            << version;
        EXPECT_EQ(read_default(), "ads") << version;
    }
}

TEST_F(Provision, CallsAnImportThatAnswers200AndFailedAFailure) {
    ProvisionStage stage("kibana-7.10.2");
    stage.write("bundle.json", R"({"name":"ads","version":"1"})");
    stage.write("export.ndjson", std::string(search_line) + "\n");
    const StageRun run = stage.provision();
    EXPECT_EQ(run.code, 1) << run.log;
    EXPECT_EQ(run.rows(), std::vector<std::string>{"search/errors: create failed"});
    EXPECT_NE(run.errors().find("missing_references"), std::string::npos) << run.errors();
    EXPECT_EQ(stage.with_state([](const KibanaState& state) { return objects_of(state); }), 0U);
}

TEST_F(Provision, WritesTheOthersWhereAnObjectIsRefused) {
    ProvisionStage stage("kibana-7.10.2");
    write_small_bundle(stage);
    stage.write("export.ndjson",
                std::string(pattern_line) + "\n" +
                    R"({"type":"gadget","id":"g","attributes":{"title":"G"}})" + "\n" +
                    R"({"type":"search","id":"s","attributes":{"title":"S"},)" +
                    R"("references":[{"name":"i","type":"index-pattern","id":"none"}]})" + "\n");
    const StageRun run = stage.provision();
    EXPECT_EQ(run.code, 3) << run.log;
    EXPECT_EQ(run.rows(),
              (std::vector<std::string>{"index-pattern/ads: create done",
                                        "search/s: create failed",
                                        "gadget/g: create failed"}));
}

TEST_F(Provision, ReadsAgainWhatSomebodyWroteAtTheSameTime) {
    ProvisionStage stage("kibana-7.10.2");
    write_small_bundle(stage);
    stage.before_each([](KibanaState& state, const HttpRequest& request) {
        if (request.url.find("_import") != std::string::npos) {
            state.spaces["default"].try_emplace(
                {"search", "errors"}, FakeSavedObject{.attributes = R"({"title":"Theirs"})"});
        }
        return std::optional<ServedAnswer>();
    });
    const StageRun run = stage.provision();
    EXPECT_EQ(run.code, 3) << run.log;
    EXPECT_EQ(run.rows(),
              (std::vector<std::string>{"index-pattern/ads: create done",
                                        "search/errors: create failed",
                                        "dashboard/board: create done"}));
    EXPECT_EQ(stage.provision().rows().at(1), "search/errors: drift -");
}

TEST_F(Provision, DoesNotReadARefusalAsAnImport) {
    ProvisionStage stage("kibana-7.10.2");
    write_small_bundle(stage);
    stage.before_each([](KibanaState&, const HttpRequest& request) {
        return request.url.find("_import") == std::string::npos
                   ? std::nullopt
                   : std::optional(ServedAnswer{
                         .status = 422,
                         .body =
                             R"({"statusCode":422,"error":"Unprocessable Entity",)"
                             R"("message":"Document \"board\" belongs to a more recent version"})"});
    });
    const StageRun run = stage.provision();
    EXPECT_EQ(run.code, 1) << run.log;
    EXPECT_NE(run.errors().find("more recent version"), std::string::npos) << run.errors();
    EXPECT_EQ(run.rows().front(), "index-pattern/ads: create failed");
    EXPECT_TRUE(stage.with_state([](const KibanaState& state) {
        return state.default_index.empty();
    })) << "of an index pattern that is not there";
}

TEST_F(Provision, WritesIntoASpace) {
    ProvisionStage stage("kibana-8.11.0");
    write_small_bundle(stage);
    stage.write("bundle.json",
                R"({"name":"ads","version":"1","default_index":"ads","space":"${team}"})");
    const StageRun run = stage.provision({"--var", "team=ads-team"});
    EXPECT_EQ(run.code, 0) << run.log;
    stage.with_state([](const KibanaState& state) {
        EXPECT_EQ(objects_of(state, "ads-team"), 3U);
        EXPECT_EQ(objects_of(state), 0U);
        return 0;
    });
    EXPECT_EQ(stage.provision({"--var", "team=ads-team"}).count("same"), 3U);

    ProvisionStage old("kibana-6.2.4");
    write_small_bundle(old);
    old.write("bundle.json", R"({"name":"ads","version":"1","space":"ads"})");
    EXPECT_EQ(old.provision().code, 2);
    EXPECT_EQ(old.writes(), 0);
}

TEST_F(Provision, NamesTheTenantOfOpenSearchDashboards) {
    ProvisionStage stage("opensearch-dashboards-2.19.3");
    write_small_bundle(stage);
    stage.write("bundle.json", R"({"name":"ads","version":"1","space":"ads"})");
    std::size_t without = 0;
    stage.before_each([&](KibanaState&, const HttpRequest& request) {
        const bool is_about_objects = request.url.find("saved_objects") != std::string::npos;
        without += is_about_objects && find_header(request.headers, "securitytenant") != "ads";
        return std::optional<ServedAnswer>();
    });
    EXPECT_EQ(stage.provision().code, 0);
    EXPECT_EQ(stage.with_state([&](const KibanaState&) { return without; }), 0U);
    EXPECT_EQ(stage.with_state([](const KibanaState& state) { return objects_of(state); }), 3U);
}

TEST_F(Provision, PutsNothingOfPeopleBackWithoutAYes) {
    ProvisionStage stage("kibana-8.11.0");
    write_small_bundle(stage);
    ASSERT_EQ(stage.run({"--bundle", stage.folder()}).code, 0) << "the first needs no yes";
    stage.with_state([](KibanaState& state) {
        state.spaces["default"][board].attributes = R"({"title":"Mine"})";
        return 0;
    });
    const int writes = stage.writes();
    EXPECT_EQ(stage.run({"--bundle", stage.folder(), "--on-drift", "overwrite"}).code, 2);
    EXPECT_EQ(stage.writes(), writes);
}

TEST_F(Provision, RefusesObjectsOfALaterKibana) {
    ProvisionStage stage("kibana-7.17.28");
    stage.write("bundle.json", R"({"name":"ads","version":"1"})");
    stage.write("export.ndjson",
                R"({"type":"search","id":"s","attributes":{},"coreMigrationVersion":"8.11.0"})");
    const StageRun run = stage.provision();
    EXPECT_EQ(run.code, 2);
    EXPECT_NE(run.errors().find("Kibana 8.11"), std::string::npos) << run.errors();
    EXPECT_EQ(stage.writes(), 0);
}

TEST_F(Provision, ComparesAllAnewAfterARunThatDied) {
    ProvisionStage stage("kibana-7.10.2");
    write_small_bundle(stage);
    // The import is done, but nobody hears of it.
    stage.after_each([](KibanaState&, const HttpRequest&) {});
    stage.before_each([](KibanaState& state, const HttpRequest& request) {
        if (request.url.find("_import") == std::string::npos) {
            return std::optional<ServedAnswer>();
        }
        static_cast<void>(answer_kibana(state, request));
        return std::optional(ServedAnswer{.conduct = ServerConduct::close});
    });
    EXPECT_NE(stage.provision().code, 0);
    stage.before_each({});
    const StageRun next = stage.provision();
    EXPECT_EQ(next.code, 0) << next.log;
    EXPECT_EQ(next.count("same"), 3U);
    EXPECT_EQ(next.actions(), std::vector<std::string>{"set_default index-pattern/ads done"});
}

TEST_F(Provision, TellsOfPatternsBehindWhichThereIsNothing) {
    for (const char* version : {"kibana-4.6.4", "kibana-8.11.0"}) {
        ProvisionStage stage(version);
        stage.write("bundle.json", R"({"name":"ads","version":"1"})");
        stage.write("legacy/a.json", pattern_line);
        stage.write("export.ndjson", pattern_line);
        EXPECT_EQ(stage.provision().findings(),
                  std::vector<std::string>{"pattern_matches_nothing"});
        stage.documents().with_state([](KibanaDocumentsState& state) {
            state.fields["ads-*"] = {"level"};
            return 0;
        });
        EXPECT_EQ(stage.provision().findings(), std::vector<std::string>{"pattern_matches_nothing"})
            << "without its time field";
        stage.documents().with_state([](KibanaDocumentsState& state) {
            state.fields["ads-*"].insert("@timestamp");
            return 0;
        });
        EXPECT_TRUE(stage.provision().findings().empty()) << version;
    }
}

TEST_F(Provision, AsksElasticsearchForTheFieldsOfALogType) {
    ProvisionStage stage("kibana-8.11.0");
    EXPECT_EQ(stage.run({"--template", "web", "--yes"}).code, 2) << "no such indices";
    stage.documents().with_state([](KibanaDocumentsState& state) {
        state.fields["web-*"] = {"@timestamp", "level", "host"};
        return 0;
    });
    const StageRun run = stage.run({"--template", "web", "--yes"});
    EXPECT_EQ(run.code, 0) << run.log;
    EXPECT_EQ(run.rows().at(3), "visualization/web-by-level: create done");
}

TEST_F(Provision, SaysWhatIsInTheWay) {
    ProvisionStage stage("kibana-8.11.0");
    write_small_bundle(stage);
    stage.with_state([](KibanaState& state) {
        state.condition = KibanaCondition::starting;
        return 0;
    });
    EXPECT_EQ(stage.provision({"--wait", "0s"}).code, 8);
    stage.with_state([](KibanaState& state) {
        state.condition = KibanaCondition::ready;
        state.user = "kibana";
        state.password = "secret";
        return 0;
    });
    const StageRun login = stage.provision({"--wait", "0s"});
    EXPECT_NE(login.code, 0);
    EXPECT_NE(login.errors().find("kibana.user"), std::string::npos) << login.errors();
    EXPECT_EQ(stage.writes(), 0);

    ProvisionStage old("kibana-7.10.2");
    write_small_bundle(old);
    old.write("bundle.json", R"({"name":"ads","version":"1","min_kibana":"8.0"})");
    const StageRun refused = old.provision();
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.errors().find("needs at least Kibana 8.0"), std::string::npos);
    old.write("bundle.json", R"({"name":"ads","version":"1","exported_from":"8.11"})");
    EXPECT_EQ(old.provision().code, 2);
    EXPECT_EQ(old.writes(), 0);

    ProvisionStage foreign("kibana-5.6.16");
    foreign.documents().with_state([](KibanaDocumentsState& state) {
        state.indices.clear();
        return 0;
    });
    foreign.write("bundle.json", R"({"name":"ads","version":"1"})");
    foreign.write("legacy/a.json", pattern_line);
    const StageRun missing = foreign.provision();
    EXPECT_EQ(missing.code, 1);
    EXPECT_NE(missing.errors().find("no index .kibana"), std::string::npos) << missing.errors();
}

TEST_F(Provision, FindsAnAppInMarathonAndWakesItWhereAsked) {
    KibanaTown town({.webhook_secret = "only-we-know"});
    const std::string folder = town.home().file("bundle");
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/bundle.json") << R"({"name":"${team}","version":"1"})";
    std::ofstream(folder + "/export.ndjson") << pattern_line << "\n";
    const std::vector<std::string> awake{
        "provision", "--app", "/kibana/team-001", "--bundle", folder, "--yes"};
    const TownRun first = town.run(awake);
    EXPECT_EQ(first.code, 0);
    EXPECT_EQ(first.actions(), std::vector<std::string>{"create index-pattern/ads done"});
    EXPECT_EQ(json_text(json_at(first.json, "summary"), "text"),
              "team-001 1 into /kibana/team-001: create 1");
    EXPECT_TRUE(town.run(awake).actions().empty());

    EXPECT_EQ(town.run({"suspend", "/kibana/team-001", "--yes"}).code, 0);
    town.pass(std::chrono::minutes(5));
    EXPECT_EQ(town.run(awake).code, 1);
    EXPECT_EQ(town.instances("/kibana/team-001"), 0);
    std::vector<std::string> waking = awake;
    waking.emplace_back("--wake");
    waking.emplace_back("--dry-run");
    EXPECT_EQ(
        town.run(waking).actions(),
        (std::vector<std::string>{"resume /kibana/team-001 would", "provision team-001 1 would"}));
    EXPECT_EQ(town.instances("/kibana/team-001"), 0);
    waking.pop_back();
    const TownRun woken = town.run(waking);
    EXPECT_EQ(woken.code, 0);
    EXPECT_EQ(
        woken.actions(),
        (std::vector<std::string>{"resume /kibana/team-001 done", "provision team-001 1 done"}));
    EXPECT_EQ(town.instances("/kibana/team-001"), 1);
    EXPECT_EQ(town.events(),
              (std::vector<std::string>{"kibana.suspended /kibana/team-001",
                                        "kibana.resumed /kibana/team-001"}));
    for (const std::string& signature : town.signatures()) {
        EXPECT_TRUE(signature.starts_with("sha256=")) << "an event is not signed: " << signature;
    }
    EXPECT_EQ(town.run({"provision", "--app", "/kibana/nobody", "--bundle", folder, "--yes"}).code,
              2);
}

}  // namespace
}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
// `caretaker kibana provision` at the sandbox's Kibanas: once, twice, after people changed
// something.
#include "tests/sandbox/fake_kibana.hpp"
#include "tests/sandbox/fake_search.hpp"
#include "tests/sandbox/kibana_state.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::Finished;
using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_text;
using caretaker::testing::parse_json;
using caretaker::testing::run_command;

constexpr const char* platform_bundle = CARETAKER_SOURCE_DIR "/docs/examples/kibana-bundle";

struct Provisioned {
    int code = 0;
    std::string err{};
    rapidjson::Document json{};

    /// "create dashboard/x done" and the like.
    [[nodiscard]] std::vector<std::string> actions() const {
        std::vector<std::string> all;
        for (const auto& action : json_array(json, "actions")) {
            all.push_back(fmt::format("{} {} {}",
                                      json_text(action, "kind"),
                                      json_text(action, "subject"),
                                      json_text(action, "state")));
        }
        return all;
    }

    [[nodiscard]] std::vector<std::string> findings() const {
        std::vector<std::string> codes;
        for (const auto& finding : json_array(json, "findings")) {
            codes.push_back(json_text(finding, "code"));
        }
        return codes;
    }
};

class KibanaProvision : public ::testing::Test {
 protected:
    void start(const std::string& version) {
        kibana_ = std::make_unique<FakeKibana>(
            KibanaState{.version = *parse_kibana_version(version), .now_ms = 1'795'345'600'000});
    }

    Provisioned provision(std::vector<std::string> options) {
        options.insert(options.begin(),
                       {CARETAKER_BINARY,
                        "kibana",
                        "provision",
                        "--kibana-url",
                        kibana_->url(),
                        "--store",
                        home_.file("store.db"),
                        "--no-statsd",
                        "-o",
                        "json"});
        const Finished finished = run_command({.argv = std::move(options),
                                               .environment = {{"HOME", home_.path().string()}},
                                               .inherit_environment = false});
        Provisioned run{finished.status.code, finished.err};
        if (!finished.out.empty()) {
            run.json = parse_json(finished.out);
        }
        return run;
    }

    Provisioned provision_platform(std::vector<std::string> options = {}) {
        options.insert(options.begin(),
                       {"--bundle", platform_bundle, "--var", "pattern=logs-platform-*"});
        return provision(std::move(options));
    }

    /// A bundle of those lines.
    std::string bundle(const std::string& lines, const std::string& manifest = R"({"name":"b"})") {
        const std::string folder = home_.file("bundle");
        std::filesystem::create_directories(folder);
        std::ofstream(folder + "/bundle.json") << manifest;
        std::ofstream(folder + "/export.ndjson") << lines;
        return folder;
    }

    std::uint64_t writes() {
        std::uint64_t count = 0;
        for (const auto& [request, times] : kibana_->http().request_counts()) {
            const bool is_read =
                request.starts_with("GET") || request.find("_bulk_get") != std::string::npos;
            count += is_read ? 0 : times;
        }
        return count;
    }

    TempDir home_{};
    std::unique_ptr<FakeKibana> kibana_{};
};

class EveryKibana : public KibanaProvision, public ::testing::WithParamInterface<const char*> {};

TEST_P(EveryKibana, GetsABundleOnceAndKeepsIt) {
    start(GetParam());
    const Provisioned plan = provision_platform({"--dry-run"});
    ASSERT_EQ(plan.code, 0) << plan.err;
    EXPECT_EQ(writes(), 0U);

    const Provisioned first = provision_platform();
    EXPECT_EQ(first.code, 0) << first.err;
    EXPECT_EQ(first.actions().size(), 9U);
    EXPECT_EQ(first.actions().front(), "create index-pattern/platform-logs-pattern done");
    EXPECT_EQ(first.actions().back(), "set_default index-pattern/platform-logs-pattern done");
    const auto title = kibana_->with_state([](KibanaState& state) {
        return state.spaces.at("default").at({"index-pattern", "platform-logs-pattern"}).attributes;
    });
    EXPECT_NE(title.find("logs-platform-*"), std::string::npos);

    const std::uint64_t before = writes();
    const Provisioned second = provision_platform();
    EXPECT_EQ(second.code, 0) << second.err;
    EXPECT_EQ(second.actions(), std::vector<std::string>());
    EXPECT_EQ(writes(), before);
}

INSTANTIATE_TEST_SUITE_P(Versions,
                         EveryKibana,
                         ::testing::Values("kibana-7.5.2",
                                           "kibana-7.17.28",
                                           "kibana-8.11.0",
                                           "kibana-9.2.0",
                                           "opensearch-dashboards-2.19.3"));

constexpr const char* pattern_v1 =
    R"({"type":"index-pattern","id":"p","attributes":{"title":"logs-${team}-*"},"references":[]})"
    "\n";

TEST_F(KibanaProvision, LeavesAloneWhatPeopleChanged) {
    start("kibana-8.11.0");
    const std::string folder = bundle(pattern_v1);
    EXPECT_EQ(provision({"--bundle", folder, "--var", "team=ads"}).code, 0);
    kibana_->with_state([](KibanaState& state) {
        state.spaces.at("default").at({"index-pattern", "p"}).attributes = R"({"title":"mine"})";
        return 0;
    });
    const Provisioned kept = provision({"--bundle", folder, "--var", "team=ads"});
    EXPECT_EQ(kept.code, 0);
    EXPECT_EQ(kept.actions(), std::vector<std::string>());
    EXPECT_EQ(kept.findings(), std::vector<std::string>{"drift"});

    const Provisioned refused =
        provision({"--bundle", folder, "--var", "team=ads", "--on-drift", "overwrite"});
    EXPECT_EQ(refused.code, 2);  // something of theirs would go, so somebody has to say yes
    const Provisioned forced =
        provision({"--bundle", folder, "--var", "team=ads", "--on-drift", "overwrite", "--yes"});
    ASSERT_EQ(forced.code, 0) << forced.err;
    EXPECT_EQ(forced.actions(), std::vector<std::string>{"overwrite index-pattern/p done"});
}

TEST_F(KibanaProvision, SpeaksToKibana6ObjectByObject) {
    start("kibana-6.8.23");
    const std::string folder = bundle(pattern_v1, R"({"name":"b","default_index":"p"})");
    const Provisioned first = provision({"--bundle", folder, "--var", "team=ads"});
    EXPECT_EQ(first.code, 0) << first.err;
    EXPECT_EQ(first.actions(),
              (std::vector<std::string>{"create index-pattern/p done",
                                        "set_default index-pattern/p done"}));
    EXPECT_EQ(kibana_->http().request_counts().count("POST /api/saved_objects/index-pattern/p"),
              1U);
    EXPECT_EQ(provision({"--bundle", folder, "--var", "team=ads"}).actions(),
              std::vector<std::string>());
}

TEST_F(KibanaProvision, RefusesAnExportOfALaterKibana) {
    start("kibana-7.17.28");
    const Provisioned run = provision(
        {"--bundle",
         bundle(R"({"type":"search","id":"s","attributes":{},"coreMigrationVersion":"8.11.0"})")});
    EXPECT_EQ(run.code, 1);
    EXPECT_NE(run.err.find("8.11"), std::string::npos) << run.err;
}

TEST_F(KibanaProvision, BringsANewBundleWhereNobodyTouchedTheOldOne) {
    start("kibana-7.17.28");
    const std::string folder = bundle(pattern_v1);
    EXPECT_EQ(provision({"--bundle", folder, "--var", "team=ads"}).code, 0);
    const Provisioned changed = provision({"--bundle", folder, "--var", "team=sales"});
    EXPECT_EQ(changed.actions(), std::vector<std::string>{"update index-pattern/p done"});
}

TEST_F(KibanaProvision, KnowsItsOwnWhereKibanaMadeSomethingElseOfIt) {
    start("kibana-8.11.0");
    const std::string folder = bundle(pattern_v1);
    EXPECT_EQ(provision({"--bundle", folder, "--var", "team=ads"}).code, 0);
    // As a later Kibana does with objects of an older one, before we look again.
    std::filesystem::remove(home_.file("store.db"));
    kibana_->with_state([](KibanaState& state) {
        state.spaces.at("default").at({"index-pattern", "p"}).attributes =
            R"({"title":"logs-ads-*","fields":"[]","version":"x"})";
        return 0;
    });
    EXPECT_EQ(provision({"--bundle", folder, "--var", "team=ads"}).actions(),
              std::vector<std::string>());
}

TEST_F(KibanaProvision, TellsOfAnImportThatAnswered200AndFailed) {
    start("kibana-8.11.0");
    const Provisioned run =
        provision({"--bundle",
                   bundle(R"({"type":"search","id":"s","attributes":{"title":"t"},)"
                          R"("references":[{"name":"i","type":"index-pattern","id":"nowhere"}]})"
                          "\n"
                          R"({"type":"index-pattern","id":"p","attributes":{"title":"a"}})"
                          "\n")});
    EXPECT_EQ(run.code, 1);
    EXPECT_EQ(
        run.actions(),
        (std::vector<std::string>{"create index-pattern/p failed", "create search/s failed"}));
    EXPECT_NE(run.err.find("missing_references"), std::string::npos) << run.err;
}

TEST_F(KibanaProvision, PutsObjectsIntoASpace) {
    start("kibana-8.11.0");
    kibana_->with_state([](KibanaState& state) {
        state.spaces["ads"];
        return 0;
    });
    const Provisioned run =
        provision({"--bundle",
                   bundle(pattern_v1, R"({"name":"b","space":"ads","default_index":"p"})"),
                   "--var",
                   "team=ads"});
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(kibana_->with_state([](KibanaState& state) { return state.spaces["ads"].size(); }),
              1U);
    EXPECT_EQ(kibana_->with_state([](KibanaState& state) { return state.default_index["ads"]; }),
              "p");
}

TEST_F(KibanaProvision, WaitsForKibanaAndSaysWhenItIsNotReady) {
    start("kibana-8.11.0");
    kibana_->with_state([](KibanaState& state) {
        state.condition = KibanaCondition::starting;
        return 0;
    });
    const Provisioned run =
        provision({"--bundle", bundle(pattern_v1), "--var", "team=a", "--wait", "1s"});
    EXPECT_EQ(run.code, 8);
}

TEST_F(KibanaProvision, RefusesKibanasThatAreTooOld) {
    start("kibana-4.6.4");
    const Provisioned old = provision({"--bundle", bundle(pattern_v1), "--var", "team=a"});
    EXPECT_EQ(old.code, 1);
    EXPECT_NE(old.err.find("Kibana 6"), std::string::npos) << old.err;
    start("kibana-7.5.2");
    const Provisioned older = provision(
        {"--bundle", bundle(pattern_v1, R"({"name":"b","min_kibana":"7.17"})"), "--var", "team=a"});
    EXPECT_EQ(older.code, 1);
    EXPECT_NE(older.err.find("7.17"), std::string::npos) << older.err;
}

struct WrongBundle {
    const char* manifest = "";
    const char* lines = "";
    const char* said = "";
};

void PrintTo(const WrongBundle& wrong, std::ostream* out) {
    *out << wrong.said;
}

class WrongBundles : public KibanaProvision, public ::testing::WithParamInterface<WrongBundle> {};

TEST_P(WrongBundles, EndBeforeARunBegins) {
    start("kibana-8.11.0");
    const Provisioned run = provision({"--bundle", bundle(GetParam().lines, GetParam().manifest)});
    EXPECT_EQ(run.code, 2);
    EXPECT_NE(run.err.find(GetParam().said), std::string::npos) << run.err;
    EXPECT_EQ(writes(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds,
    WrongBundles,
    ::testing::Values(WrongBundle{"{", pattern_v1, "bundle.json"},
                      WrongBundle{R"({})", "", "has no name"},
                      WrongBundle{R"({"name":"b","spaec":"x"})", "", "nobody knows"},
                      WrongBundle{R"({"name":"b","space":"A b"})", "", "no id of a space"},
                      WrongBundle{R"({"name":"b","min_kibana":"new"})", "", "no version"},
                      WrongBundle{R"({"name":"b"})", "", "no objects"},
                      WrongBundle{R"({"name":"b"})", "{}", "export.ndjson:1"},
                      WrongBundle{R"({"name":"b"})", "\n{\"type\":\"x\"}\n", "export.ndjson:2"},
                      WrongBundle{R"({"name":"b"})",
                                  "{\"type\":\"x\",\"id\":\"a/b\",\"attributes\":{}}",
                                  "no address"},
                      WrongBundle{R"({"name":"b"})", "not json", "export.ndjson:1"},
                      WrongBundle{R"({"name":"b"})", pattern_v1, "--var team=VALUE"},
                      WrongBundle{R"({"name":"b"})", "{\"id\":\"${x", "never closed"},
                      WrongBundle{R"({"name":"b"})",
                                  "{\"type\":\"t\",\"id\":\"i\",\"attributes\":{}}\n"
                                  "{\"type\":\"t\",\"id\":\"i\",\"attributes\":{}}",
                                  "twice"},
                      WrongBundle{R"({"name":"b","default_index":"q"})",
                                  "{\"type\":\"t\",\"id\":\"i\",\"attributes\":{}}",
                                  "default_index q"}));

TEST_F(KibanaProvision, MakesADashboardForANewLogTypeOutOfItsFields) {
    start("kibana-8.11.0");
    FakeSearch search(*parse_search_version("opensearch-2.19.3"));
    search.with_state([](SearchState& state) {
        auto documents = std::make_shared<FakeDocuments>();
        documents->rows.push_back({{"@timestamp", "1795345600000"},
                                   {"status", "200"},
                                   {"host", "h1"},
                                   {"level", "info"}});
        state.add("logs-ads-1").documents = documents;
        return 0;
    });
    std::ofstream(home_.file("caretaker.yml"))
        << fmt::format("targets: {{t: {{elasticsearch: {{urls: ['{}']}}}}}}\n", search.url());
    const Provisioned run = provision(
        {"--template", "logs-ads", "--config", home_.file("caretaker.yml"), "--target", "t"});
    EXPECT_EQ(run.code, 0) << run.err;
    const auto actions = run.actions();
    EXPECT_NE(std::find(actions.begin(), actions.end(), "create dashboard/logs-ads-overview done"),
              actions.end());
    EXPECT_NE(
        std::find(actions.begin(), actions.end(), "create visualization/logs-ads-by-level done"),
        actions.end());
    EXPECT_EQ(
        provision(
            {"--template", "logs-ads", "--config", home_.file("caretaker.yml"), "--target", "t"})
            .actions(),
        std::vector<std::string>());
}

}  // namespace
}  // namespace caretaker::sandbox

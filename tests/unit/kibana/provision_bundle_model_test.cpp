// SPDX-License-Identifier: Apache-2.0
// What a bundle says, and every way in which it can be wrong.
#include "jobs/kibana/provision_bundle_model.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

constexpr const char* good_manifest = R"({"name":"ads","version":"1"})";
constexpr const char* pattern =
    R"({"type":"index-pattern","id":"ads","attributes":{"title":"ads-*"}})";
constexpr const char* board = R"({"type":"dashboard","id":"b","attributes":{"title":"B"}})";

BundleFiles files(const std::string& manifest, const std::string& lines) {
    return {.manifest = {.name = "b/bundle.json", .text = manifest},
            .exported = BundleFile{.name = "b/export.ndjson", .text = lines}};
}

std::string refusal(const BundleFiles& bundle, const BundleVariables& variables = {}) {
    try {
        read_bundle(bundle, variables);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "taken";
}

struct WrongBundle {
    const char* what;
    std::string manifest;
    std::string lines;
    const char* refusal;  // how it begins
};

TEST(ReadBundle, RefusesEachWrongFormWithFileAndLine) {
    const std::string one = pattern;
    const std::vector<WrongBundle> cases{
        {"no JSON", "{", one, "b/bundle.json:1: the JSON ends too early"},
        {"a list", "[]", one, "b/bundle.json:1: $ is an array"},
        {"no name", R"({"version":"1"})", one, "b/bundle.json:1: $.name is missing"},
        {"an empty name", R"({"name":"","version":"1"})", one, "b/bundle.json:1: $.name is empty"},
        {"no version", R"({"name":"a"})", one, "b/bundle.json:1: $.version is missing"},
        {"a number as version",
         "{\"name\":\"a\",\n\"version\":1}",
         one,
         "b/bundle.json:2: $.version is"},
        {"an unknown member",
         "{\"name\":\"a\",\"version\":\"1\",\n\n\"spase\":\"x\"}",
         one,
         "b/bundle.json:3: $.spase is not known"},
        {"a wrong space",
         "{\"name\":\"a\",\"version\":\"1\",\n\"space\":\"A b\"}",
         one,
         "b/bundle.json:2: $.space is no space"},
        {"a wrong version of Kibana",
         R"({"name":"a","version":"1","min_kibana":"seven"})",
         one,
         "b/bundle.json:1: $.min_kibana is no version"},
        {"a default that is not there",
         "{\"name\":\"a\",\"version\":\"1\",\n\"default_index\":\"other\"}",
         one,
         "b/bundle.json:2: default_index: 'other' is the id of no index pattern"},
        {"a default that is a dashboard",
         R"({"name":"a","version":"1","default_index":"b"})",
         board,
         "b/bundle.json:1: default_index: 'b' is the id of no index pattern"},
        {"no objects", good_manifest, "", "b/bundle.json:1: the bundle has no objects"},
        {"only empty lines",
         good_manifest,
         "\n \r\n",
         "b/bundle.json:1: the bundle has no objects"},
        {"broken JSON", good_manifest, one + "\n{\"type\":}\n", "b/export.ndjson:2: no JSON at"},
        {"no type",
         good_manifest,
         one + "\n\n{\"id\":\"x\"}",
         "b/export.ndjson:3: $.type is missing"},
        {"no id",
         good_manifest,
         R"({"type":"search","attributes":{}})",
         "b/export.ndjson:1: $.id is missing"},
        {"an empty id",
         good_manifest,
         R"({"type":"search","id":"","attributes":{}})",
         "b/export.ndjson:1: $.id is no id"},
        {"a type that would be a path",
         good_manifest,
         R"({"type":"a/b","id":"x","attributes":{}})",
         "b/export.ndjson:1: $.type is no type"},
        {"attributes that are a text",
         good_manifest,
         R"({"type":"search","id":"x","attributes":"{}"})",
         "b/export.ndjson:1: $.attributes is"},
        {"references that are an object",
         good_manifest,
         R"({"type":"search","id":"x","attributes":{},"references":{}})",
         "b/export.ndjson:1: $.references is"},
        {"the same object twice",
         good_manifest,
         one + "\n" + one,
         "b/export.ndjson:2: index-pattern 'ads' is at b/export.ndjson:1 already"},
        {"an export with holes",
         good_manifest,
         one + "\n{\"exportedCount\":1,\"missingRefCount\":2}",
         "b/export.ndjson:2: $.missingRefCount says that objects were left out"},
        {"an unknown variable",
         good_manifest,
         one + "\n\n{\"x\":\"${team}\"}",
         "b/export.ndjson:3: nothing is known to put for ${team}; add --var team=VALUE"},
        {"a variable without an end",
         good_manifest,
         "{\"x\":\"${team",
         "b/export.ndjson:1: after '${' there is no name"},
        {"a variable without a name",
         "{\"name\":\"${}\"}",
         one,
         "b/bundle.json:1: after '${' there is no name"},
    };
    for (const WrongBundle& one_case : cases) {
        const std::string text = refusal(files(one_case.manifest, one_case.lines));
        EXPECT_TRUE(text.starts_with(one_case.refusal)) << one_case.what << ": " << text;
    }
}

TEST(ReadBundle, RefusesAWrongLegacyFileWithItsLine) {
    BundleFiles bundle{.manifest = {.name = "b/bundle.json", .text = good_manifest}};
    bundle.legacy.push_back({.name = "b/legacy/a.json",
                             .text = "{\"type\":\"search\",\n \"id\":\"x\",\n \"attributes\":3}"});
    EXPECT_TRUE(refusal(bundle).starts_with("b/legacy/a.json:3: $.attributes is"))
        << refusal(bundle);
}

TEST(ReadBundle, OrdersObjectsAsTheyReferToEachOther) {
    const Bundle bundle =
        read_bundle(files(good_manifest, std::string(board) + "\n" + pattern + "\n"), {});
    ASSERT_EQ(bundle.exported.size(), 2U);
    EXPECT_EQ(bundle.exported[0].type, "index-pattern");
    EXPECT_EQ(bundle.exported[1].type, "dashboard");
    EXPECT_EQ(bundle.exported[1].where, "b/export.ndjson:1");
}

TEST(ReadBundle, KeepsTheVersionsOfAnObjectAndDropsWhatBelongsToItsKibana) {
    const Bundle bundle = read_bundle(
        files(good_manifest,
              R"({"type":"search","id":"s","attributes":{"n":12345678901234567},"updated_at":"x",)"
              R"("version":"Wz","namespaces":["default"],"migrationVersion":{"search":"7.0.0"},)"
              R"("coreMigrationVersion":"8.8.0","typeMigrationVersion":"10.2.0"})"),
        {});
    EXPECT_EQ(bundle.exported.at(0).line,
              R"({"type":"search","id":"s","attributes":{"n":12345678901234567},"references":[],)"
              R"("migrationVersion":{"search":"7.0.0"},"coreMigrationVersion":"8.8.0",)"
              R"("typeMigrationVersion":"10.2.0"})");
    ASSERT_TRUE(bundle.exported_from);
    EXPECT_EQ(bundle.exported_from->major, 8);
    EXPECT_EQ(bundle.exported_from->minor, 8);
}

TEST(ReadBundle, PutsVariablesIntoAllOfIt) {
    const Bundle bundle = read_bundle(files(R"({"name":"${team}","version":"1","space":"${team}"})",
                                            R"({"type":"search","id":"${team}-s","attributes":)"
                                            R"({"visState":"{\"title\":\"${team}\"}"}})"),
                                      {{"team", "ads"}});
    EXPECT_EQ(bundle.name, "ads");
    EXPECT_EQ(bundle.space, "ads");
    EXPECT_EQ(bundle.exported.at(0).id, "ads-s");
    EXPECT_EQ(bundle.exported.at(0).attributes, R"({"visState":"{\"title\":\"ads\"}"})");
}

TEST(ReadBundle, TakesTheDefaultSpaceForNone) {
    EXPECT_EQ(
        read_bundle(files(R"({"name":"a","version":"1","space":"default"})", pattern), {}).space,
        "");
}

TEST(FillInVariables, LeavesWhatIsEscapedAndWhatIsNone) {
    const BundleVariables variables{{"a", "1"}, {"b.c", ""}};
    EXPECT_EQ(fill_in_variables("", "f", variables), "");
    EXPECT_EQ(fill_in_variables("$a {a} $$", "f", variables), "$a {a} $$");
    EXPECT_EQ(fill_in_variables("${a}${a}-${b.c}", "f", variables), "11-");
    EXPECT_EQ(fill_in_variables("$${a} ${a}", "f", variables), "${a} 1");
}

TEST(FillInVariables, TakesNoValueThatWouldBreakJson) {
    for (const char* value : {"a\"b", "a\\b", "a\nb", "\x01"}) {
        EXPECT_THROW(fill_in_variables("${a}", "f", {{"a", value}}), UsageError) << value;
        EXPECT_FALSE(check_bundle_variable("a", value).empty());
    }
    EXPECT_TRUE(check_bundle_variable("a", "münchen {}$").empty());
    EXPECT_FALSE(check_bundle_variable("", "x").empty());
    EXPECT_FALSE(check_bundle_variable("a b", "x").empty());
}

TEST(ChooseObjects, GivesEachKibanaWhatItUnderstands) {
    BundleFiles both = files(good_manifest, pattern);
    both.legacy.push_back({.name = "l/a.json", .text = pattern});
    both.legacy.push_back(
        {.name = "l/3.json",
         .text = R"({"type":"dashboard","id":"t","attributes":{"title":"t","dashboard":"{}"}})"});
    const Bundle bundle = read_bundle(both, {});
    const auto where = [&](const DashboardsVersion& version) {
        const auto objects = choose_objects(bundle, version);
        EXPECT_EQ(objects.size(), 1U);
        return objects.at(0)->where;
    };
    EXPECT_EQ(where({3, 1}), "l/3.json:1");
    EXPECT_EQ(where({4, 6}), "l/a.json:1");
    EXPECT_EQ(where({6, 8}), "l/a.json:1");
    EXPECT_EQ(where({7, 0}), "b/export.ndjson:1");
    EXPECT_EQ(where({2, 19, true}), "b/export.ndjson:1");

    const Bundle exported = read_bundle(files(good_manifest, pattern), {});
    EXPECT_THROW(choose_objects(exported, {5, 6}), UsageError);
    EXPECT_THROW(choose_objects(exported, {3, 1}), UsageError);
    EXPECT_EQ(choose_objects(exported, {6, 0}).size(), 1U);
}

}  // namespace
}  // namespace caretaker

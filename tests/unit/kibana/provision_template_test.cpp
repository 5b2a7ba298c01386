// SPDX-License-Identifier: Apache-2.0
// A first bundle for a log type, from its fields.
#include "common/base/error.hpp"
#include "jobs/kibana/provision_template_model.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

std::string uses(const std::string& text) {
    std::string all;
    for (const TemplateField& field : read_template_fields({.name = "fields", .text = text})) {
        constexpr const char* words = "TNWXO";
        all += field.name + ":" + words[static_cast<int>(field.use)] + " ";
    }
    return all;
}

TEST(ReadTemplateFields, ReadsFieldCapsMappingsAndLines) {
    EXPECT_EQ(uses(R"({"fields":{"@timestamp":{"date":{"type":"date"}},"_id":{"_id":{}},)"
                   R"("a":{"keyword":{}},"b":{"text":{}},"n":{"long":{}},"o":{"geo_point":{}},)"
                   R"("mixed":{"long":{},"keyword":{}}}})"),
              "@timestamp:T a:W b:X mixed:O n:N o:O ");
    EXPECT_EQ(uses(R"({"i":{"mappings":{"properties":{"h":{"properties":{"n":{"type":"ip"}}},)"
                   R"("m":{"type":"text","fields":{"keyword":{"type":"keyword"}}}}}}})"),
              "h.n:W m:X m.keyword:W ");
    EXPECT_EQ(uses(R"({"i":{"mappings":{"logs":{"properties":{"a":{"type":"string",)"
                   R"("index":"not_analyzed"},"b":{"type":"string"}}}}}})"),
              "a:W b:X ");
    EXPECT_EQ(uses("# fields\n a  keyword\r\n\nt date # when"), "a:W t:T ");
    EXPECT_EQ(uses(""), "");
}

TEST(ReadTemplateFields, RefusesWhatIsNoneWithItsLine) {
    for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
             {"a keyword\nb\n", "fields:2: is no field"},
             {"a b c", "fields:1: is no field"},
             {"{\"fields\":", "fields: the JSON ends too early"},
             {"{\"fields\":[]}", "fields: $.fields is"},
             {"{\"i\":{}}", "fields: $.i.mappings is missing"}}) {
        try {
            read_template_fields({.name = "fields", .text = text});
            ADD_FAILURE() << text;
        } catch (const UsageError& error) {
            EXPECT_TRUE(std::string(error.what()).starts_with(words)) << error.what();
        }
    }
}

std::vector<std::string> ids(const std::vector<BundleObject>& objects) {
    std::vector<std::string> all;
    for (const BundleObject& object : objects) {
        all.push_back(object.type + "/" + object.id);
    }
    return all;
}

TEST(MakeTemplateBundle, ChoosesTheFieldsThatTellMost) {
    const BundleFiles files = make_template_bundle({.name = "web", .pattern = "web-*"},
                                                   {{"@timestamp", FieldUse::time},
                                                    {"aaa", FieldUse::word},
                                                    {"bytes", FieldUse::number},
                                                    {"host.keyword", FieldUse::word},
                                                    {"level", FieldUse::word},
                                                    {"message", FieldUse::text},
                                                    {"started", FieldUse::time},
                                                    {"zzz", FieldUse::word}});
    const Bundle bundle = read_bundle(files, {});
    const std::vector<std::string> expected{"index-pattern/web-*",
                                            "search/web-newest",
                                            "visualization/web-over-time",
                                            "visualization/web-by-level",
                                            "visualization/web-by-host.keyword",
                                            "visualization/web-by-aaa",
                                            "visualization/web-average-bytes",
                                            "dashboard/web-overview"};
    EXPECT_EQ(ids(bundle.exported), expected);
    EXPECT_EQ(ids(bundle.legacy), expected);
    EXPECT_EQ(bundle.default_index, "web-*");
    EXPECT_EQ(bundle.exported[0].attributes, R"({"title":"web-*","timeFieldName":"@timestamp"})");
    EXPECT_NE(bundle.exported[1].attributes.find(R"(["level","host","aaa","message"])"),
              std::string::npos)
        << bundle.exported[1].attributes;
    // Later versions refer from outside of the texts, earlier ones inside.
    EXPECT_EQ(bundle.legacy[7].references, "[]");
    EXPECT_NE(bundle.legacy[7].attributes.find(R"(\"id\":\"web-by-level\")"), std::string::npos);
    EXPECT_EQ(bundle.exported[7].attributes.find("web-by-level"), std::string::npos);
    EXPECT_NE(bundle.exported[7].references.find("web-by-level"), std::string::npos);
}

TEST(MakeTemplateBundle, NeedsATimeAndNothingElse) {
    EXPECT_THROW(make_template_bundle({"web", "web-*"}, {}), UsageError);
    EXPECT_THROW(make_template_bundle({"web", "web-*"}, {{"a", FieldUse::word}}), UsageError);
    const Bundle bundle =
        read_bundle(make_template_bundle({"web", "web-*"}, {{"at", FieldUse::time}}), {});
    EXPECT_EQ(ids(bundle.exported),
              (std::vector<std::string>{"index-pattern/web-*",
                                        "search/web-newest",
                                        "visualization/web-over-time",
                                        "dashboard/web-overview"}));
}

TEST(MakeTemplateBundle, TakesNamesOfFieldsAsTheyAre) {
    const Bundle bundle = read_bundle(
        make_template_bundle({"web", "web-*"},
                             {{"@timestamp", FieldUse::time}, {"${x} \"y\\", FieldUse::word}}),
        {});
    EXPECT_EQ(bundle.exported.at(3).id, "web-by-${x} \"y\\");
}

}  // namespace
}  // namespace caretaker

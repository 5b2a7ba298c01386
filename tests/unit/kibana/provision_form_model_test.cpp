// SPDX-License-Identifier: Apache-2.0
// The same object is the same text, whichever Kibana stored it.
#include "jobs/kibana/provision_form_model.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace caretaker {
namespace {

std::string normal(std::string_view text) {
    const JsonDocument document = JsonDocument::parse(text, "test");
    return normal_attributes(document.root());
}

TEST(NormalAttributes, TakesFormsOfOneObjectForEqual) {
    struct Case {
        std::string_view a{};
        std::string_view b{};
    };

    const Case cases[] = {
        {R"({"b":1,"a":2})", R"({"a":2,"b":1})"},
        {R"({"a":{"y":1,"x":[{"d":1,"c":2}]}})", R"({"a":{"x":[{"c":2,"d":1}],"y":1}})"},
        {R"({"hits":0})", R"({"hits":0.0})"},
        {R"({"title":"t","fields":"[]"})", R"({"title":"t"})"},
        {R"({"title":"t","version":1})", R"({"title":"t","version":2})"},
        {R"({"panelsJSON":"[{\"a\":1,\"b\":2}]"})", R"({"panelsJSON":"[ {\"b\":2, \"a\":1} ]"})"},
        {R"({"kibanaSavedObjectMeta":{"searchSourceJSON":"{\"index\":\"x\",\"filter\":[]}"}})",
         R"({"kibanaSavedObjectMeta":{"searchSourceJSON":"{\"filter\":[],\"index\":\"x\"}"}})"},
        {R"({"dashboard":"{\"rows\":[],\"a\":1}"})", R"({"dashboard":"{\"a\":1,\"rows\":[]}"})"},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(normal(each.a), normal(each.b)) << each.a;
    }
}

TEST(NormalAttributes, KeepsWhatPeopleCanChange) {
    struct Case {
        std::string_view a{};
        std::string_view b{};
    };

    const Case cases[] = {
        {R"({"title":"a"})", R"({"title":"b"})"},
        {R"({"a":[1,2]})", R"({"a":[2,1]})"},
        {R"({"a":null})", R"({})"},
        {R"({"a":1})", R"({"a":"1"})"},
        {R"({"a":false})", R"({"a":null})"},
        {R"({"description":"{\"a\":1,\"b\":2}"})", R"({"description":"{\"b\":2,\"a\":1}"})"},
        {R"({"x":{"version":1}})", R"({"x":{"version":2}})"},
        {R"({"panelsJSON":"[1]"})", R"({"panelsJSON":"[2]"})"},
        {R"({"visState":"{broken"})", R"({"visState":"{broken "})"},
    };
    for (const Case& each : cases) {
        EXPECT_NE(normal(each.a), normal(each.b)) << each.a;
    }
}

TEST(NormalAttributes, IsWrittenLikeThis) {
    EXPECT_EQ(normal(R"({"visState":"{\"b\":[true,null],\"a\":1.5}","title":"t"})"),
              R"({"title":"t","visState":{"a":1.5,"b":[true,null]}})");
    EXPECT_EQ(normal(R"({"visState":"","panelsJSON":"[[["})"),
              R"({"panelsJSON":"[[[","visState":""})");
    EXPECT_EQ(normal("{}"), "{}");
}

TEST(NormalAttributes, RefusesWhatIsNoObject) {
    for (const std::string_view text : {"[]", "null", "1", R"("a")"}) {
        EXPECT_THROW(normal(text), JsonError) << text;
    }
}

}  // namespace
}  // namespace caretaker

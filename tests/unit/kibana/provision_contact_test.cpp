// SPDX-License-Identifier: Apache-2.0
// Which Kibana it is, by its answers; what is sent to it.
#include "jobs/kibana/provision_contact.hpp"

#include "jobs/kibana/provision_calls_model.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

std::string read(const HttpResponse& response) {
    const KibanaContact contact = read_kibana_contact(response);
    return fmt::format("{}{}{}",
                       contact.version ? describe_dashboards(*contact.version) : "unknown",
                       contact.is_ready ? " ready" : "",
                       contact.is_refused ? " refused" : "");
}

TEST(ReadKibanaContact, KnowsEachGeneration) {
    EXPECT_EQ(read({.status = 200,
                    .body = R"({"version":{"number":"8.11.0"},)"
                            R"("status":{"overall":{"level":"available"}}})"}),
              "Kibana 8.11 ready");
    EXPECT_EQ(read({.status = 503,
                    .body = R"({"version":{"number":"8.11.0"},)"
                            R"("status":{"overall":{"level":"unavailable"}}})"}),
              "Kibana 8.11");
    EXPECT_EQ(read({.status = 200, .body = R"({"status":{"overall":{"level":"available"}}})"}),
              "unknown ready");
    EXPECT_EQ(read({.status = 200,
                    .headers = {{"osd-name", "x"}},
                    .body = R"({"version":{"number":"2.19.3"},)"
                            R"("status":{"overall":{"state":"green"}}})"}),
              "OpenSearch Dashboards 2.19 ready");
    EXPECT_EQ(read({.status = 200,
                    .body = R"({"version":"5.6.16","status":{"overall":{"state":"green"}}})"}),
              "Kibana 5.6 ready");
    EXPECT_EQ(read({.status = 200,
                    .headers = {{"kbn-version", "4.6.4"}},
                    .body = R"({"status":{"overall":{"state":"green"}}})"}),
              "Kibana 4.6 ready");
    EXPECT_EQ(read({.status = 404, .headers = {{"kbn-version", "4.1.11"}}, .body = "{}"}),
              "Kibana 4.1 ready");
    EXPECT_EQ(read({.status = 404, .body = "<html>"}), "unknown");
    EXPECT_EQ(read({.status = 401, .headers = {{"kbn-version", "7.17.0"}}}), "Kibana 7.17 refused");
    EXPECT_EQ(read({.status = 403}), "unknown refused");
    EXPECT_EQ(read({.status = 200, .body = "Kibana server is not ready yet"}), "unknown");
    EXPECT_EQ(read({.status = 200, .body = "{}"}), "unknown");
    EXPECT_EQ(read({.status = 200, .body = R"({"status":"ok"})"}), "unknown");
}

TEST(IsPageOfKibana3, KnowsItByItsTitle) {
    EXPECT_TRUE(is_page_of_kibana_3(
        HttpResponse{.status = 200, .body = "<html><title>Kibana 3{{x}}</title>"}));
    EXPECT_FALSE(is_page_of_kibana_3(HttpResponse{.status = 200, .body = "<title>Kibana</title>"}));
    EXPECT_FALSE(
        is_page_of_kibana_3(HttpResponse{.status = 404, .body = "<title>Kibana 3</title>"}));
}

TEST(ParseDashboardsVersion, TakesVersionsAlone) {
    for (const char* text : {"7.10", "7.10.2", "9.0.0-SNAPSHOT"}) {
        EXPECT_TRUE(parse_dashboards_version(text)) << text;
    }
    for (const char* text :
         {"", "7", "7.", "7.x", "x.7", "-7.1", "7.-1", "0.1", "7.1x", "99999999999.1"}) {
        EXPECT_FALSE(parse_dashboards_version(text)) << text;
    }
}

TEST(FormatFormFile, HasABoundaryThatTheFileDoesNotHave) {
    const FormFile file = format_form_file("{\"a\":1}\n");
    const std::string boundary = file.content_type.substr(file.content_type.find('=') + 1);
    EXPECT_EQ(file.content_type, "multipart/form-data; boundary=" + boundary);
    EXPECT_TRUE(file.body.starts_with("--" + boundary + "\r\n"));
    EXPECT_TRUE(file.body.ends_with("\r\n--" + boundary + "--\r\n"));
    EXPECT_NE(file.body.find("filename=\"export.ndjson\""), std::string::npos);
}

TEST(FitsPatternCall, OnlyWhatTheCallCanHold) {
    BundleObject object{.type = "index-pattern",
                        .id = "a",
                        .attributes = R"({"title":"a-*","timeFieldName":"t","name":"A"})"};
    EXPECT_TRUE(fits_pattern_call(object));
    EXPECT_EQ(format_pattern_call(object, "data_view", true),
              R"({"override":true,"data_view":{"id":"a","title":"a-*","timeFieldName":"t",)"
              R"("name":"A"}})");
    EXPECT_EQ(format_pattern_call(object, "index_pattern", false),
              R"({"override":false,"refresh_fields":true,"index_pattern":{"id":"a",)"
              R"("title":"a-*","timeFieldName":"t","name":"A"}})");
    object.attributes = R"({"title":"a-*","fieldFormatMap":"{}"})";
    EXPECT_FALSE(fits_pattern_call(object));
    object.attributes = R"({"title":"a-*"})";
    object.type = "search";
    EXPECT_FALSE(fits_pattern_call(object));
}

}  // namespace
}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// What programs read of caretaker: the schemas in docs/schema fit what is written, and what they
// once named stays.
#include "common/output/report_json.hpp"
#include "tests/support/json.hpp"
#include "tests/support/json_schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>

namespace caretaker::testing {
namespace {

const WallTime start = WallTime(std::chrono::milliseconds(1'767'225'600'123));

/// A run in which every list has an entry with every field, and one with as few as possible.
FinishedRun full_run() {
    FinishedRun run;
    run.info = {.uid = "0192f0c1-2345-7abc-8def-00009f86d081",
                .job = "lag",
                .target = "prod",
                .started_at = start,
                .trigger = "chronos",
                .trigger_ref = "ct:1:0:lag:",
                .host = "host-1",
                .version = "0.1.0"};
    run.ended_at = start;
    run.outcome = Outcome::partial;
    run.exit_code = ExitCode::partial;
    run.report.summary = "2 groups";
    run.report.items_seen = (std::int64_t{1} << 60);
    run.report.table = {.columns = {{.key = "name", .heading = "NAME"}},
                        .rows = {{std::string("a")}, {Cell{}}, {2.5}, {true}}};
    run.report.details = {{.title = "Metrics",
                           .columns = {{.key = "metric", .heading = "METRIC"}},
                           .rows = {{std::string("lag")}}}};
    run.report.metrics = {{.name = "lag", .value = 0.5, .unit = "ms", .labels = {{"group", "b"}}},
                          {.name = "none", .value = std::nan("")}};
    run.report.problems = {{.code = "group_forbidden", .message = "not allowed", .subject = "a"},
                           {.code = "internal", .message = "m"}};
    Action done{.kind = "delete", .subject = "x", .reason = "old", .state = ActionState::done};
    done.bytes = std::int64_t{1} << 60;
    done.ended_at = start;
    run.report.actions = {
        done, {.kind = "delete", .subject = "y", .state = ActionState::failed, .error = "503"}};
    run.findings = {{.id = 7,
                     .finding = {.code = "records_lost",
                                 .subject = "s",
                                 .message = "m",
                                 .severity = Severity::high,
                                 .data = {{"topic", "t"}}},
                     .status = FindingStatus::added,
                     .first_seen_at = start}};
    return run;
}

TEST(PublishedSchema, FitsARunWithEverythingInIt) {
    EXPECT_EQ(problem_of_output(render_json(full_run())), "");
    EXPECT_EQ(problem_of_output(render_jsonl(full_run())), "");
}

TEST(PublishedSchema, FitsErrorsThatComeBeforeARun) {
    EXPECT_EQ(problem_of_output(render_json_error(ExitCode::usage, "usage", "no")), "");
    EXPECT_EQ(problem_of_output(render_jsonl_error(ExitCode::usage, "usage", "no")), "");
}

struct Damage {
    std::string name{};
    std::string from{};
    std::string to{};
};

class DamagedOutput : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedOutput, DoesNotFit) {
    for (const auto& render : {render_json, render_jsonl}) {
        std::string text = render(full_run());
        const std::size_t at = text.find(GetParam().from);
        ASSERT_NE(at, std::string::npos) << text;
        text.replace(at, GetParam().from.size(), GetParam().to);
        EXPECT_NE(problem_of_output(text), "") << text;
    }
}

INSTANTIATE_TEST_SUITE_P(
    PublishedSchema,
    DamagedOutput,
    ::testing::Values(Damage{"MissingField", R"("job":"lag",)", ""},
                      Damage{"FurtherField", R"("job":"lag",)", R"("job":"lag","jobs":1,)"},
                      Damage{"RenamedField", R"("host":)", R"("hostname":)"},
                      Damage{"NumberAsText", R"("attempt":0)", R"("attempt":"0")"},
                      Damage{"NegativeCount", R"("items_failed":0)", R"("items_failed":-1)"},
                      Damage{"LocalTime", ".123Z", ".123+01:00"},
                      Damage{"TimeWithoutMilliseconds", ".123Z", "Z"},
                      Damage{"UnknownOutcome", R"("outcome":"partial")", R"("outcome":"PARTIAL")"},
                      Damage{"UnknownSchema", "caretaker.run/1", "caretaker.run/2"},
                      Damage{"NestedLabel", R"("group":"b")", R"("group":{"b":1})"},
                      Damage{"NestedCell", R"("name":"a")", R"("name":["a"])"},
                      Damage{"CodeInWords", R"("code":"records_lost")", R"("code":"Records lost")"},
                      Damage{"WordsInBigNumber", "1152921504606846976", "115292150460684697 G"}),
    [](const auto& parameter) { return parameter.param.name; });

TEST(PublishedSchema, AStreamWithoutItsEndDoesNotFit) {
    std::string text = render_jsonl(full_run());
    text.erase(text.rfind('\n', text.size() - 2) + 1);
    EXPECT_NE(problem_of_output(text), "");
}

/// "run.job string required", and a line for every word of a list of words.
void collect_fields(const rapidjson::Document& schema, std::set<std::string>& fields) {
    const auto kind_of = [&](const rapidjson::Value& rule) -> std::string {
        if (rule.HasMember("$ref")) {
            const std::string reference = rule["$ref"].GetString();
            return reference.substr(reference.rfind('/') + 1);
        }
        if (rule.HasMember("enum")) {
            return "word";
        }
        if (rule["type"].IsString()) {
            const std::string type = rule["type"].GetString();
            return type == "array"
                       ? "array of " +
                             std::string(rule["items"]["$ref"].GetString())
                                 .substr(std::string(rule["items"]["$ref"].GetString()).rfind('/') +
                                         1)
                       : type;
        }
        std::string types;
        for (const auto& type : rule["type"].GetArray()) {
            types += (types.empty() ? "" : "|") + std::string(type.GetString());
        }
        return types;
    };
    const auto add_words = [&](const std::string& name, const rapidjson::Value& rule) {
        if (rule.HasMember("enum")) {
            for (const auto& word : rule["enum"].GetArray()) {
                fields.insert(name + " = " + word.GetString());
            }
        }
    };
    for (const auto& definition : json_at(schema, "definitions").GetObject()) {
        const std::string owner = definition.name.GetString();
        if (!definition.value.HasMember("properties")) {
            fields.insert(owner + ' ' + kind_of(definition.value));
            add_words(owner, definition.value);
            continue;
        }
        const auto required = json_array(definition.value, "required");
        for (const auto& property : definition.value["properties"].GetObject()) {
            const std::string name = owner + '.' + property.name.GetString();
            const bool always = std::ranges::any_of(
                required, [&](const auto& entry) { return entry == property.name; });
            fields.insert(name + ' ' + kind_of(property.value) + (always ? " always" : ""));
            add_words(name, property.value);
        }
    }
}

TEST(PublishedSchema, NamesEveryFieldThatItEverNamed) {
    std::set<std::string> published;
    collect_fields(JsonSchema("caretaker.run-1.json").source(), published);
    collect_fields(JsonSchema("caretaker.run-1.event.json").source(), published);
    std::set<std::string> frozen;
    std::ifstream file(CARETAKER_SOURCE_DIR "/tests/data/caretaker.run-1.fields");
    for (std::string line; std::getline(file, line);) {
        frozen.insert(line);
    }
    for (const std::string& field : frozen) {
        EXPECT_TRUE(published.contains(field))
            << "gone or changed: " << field
            << "; fields are only ever added, a break needs caretaker.run/2";
    }
    for (const std::string& field : published) {
        EXPECT_TRUE(frozen.contains(field))
            << "new: add this line to tests/data/caretaker.run-1.fields: " << field;
    }
}

}  // namespace
}  // namespace caretaker::testing

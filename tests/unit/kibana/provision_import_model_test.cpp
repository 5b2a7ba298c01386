// SPDX-License-Identifier: Apache-2.0
// An import that answers 200 and failed is a failed import.
#include "jobs/kibana/provision_import_model.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {
namespace {

ImportAnswer read(std::string_view text, std::int64_t sent) {
    const JsonDocument document = JsonDocument::parse(text, "kibana: import");
    return read_import_answer(document.root(), sent);
}

TEST(ReadImportAnswer, IsCompleteWhenEverythingWasStored) {
    const ImportAnswer answer = read(R"({"successCount":2,"success":true})", 2);
    EXPECT_TRUE(answer.complete);
    EXPECT_EQ(answer.stored, 2);
    EXPECT_TRUE(answer.refusals.empty());
}

TEST(ReadImportAnswer, IsNotCompleteWithoutARefusalEither) {
    EXPECT_FALSE(read(R"({"successCount":2,"success":false})", 2).complete);
    EXPECT_FALSE(read(R"({"successCount":1,"success":true})", 2).complete);
    EXPECT_FALSE(read(R"({"successCount":0,"success":true,"errors":null})", 1).complete);
    EXPECT_FALSE(read(R"({"successCount":3,"success":true})", 2).complete);
}

TEST(ReadImportAnswer, BelievesARefusalMoreThanSuccess) {
    const ImportAnswer answer = read(R"({"successCount":1,"success":true,"errors":[)"
                                     R"({"type":"search","id":"s","error":{"type":"conflict"}}]})",
                                     1);
    EXPECT_FALSE(answer.complete);
    ASSERT_EQ(answer.refusals.size(), 1U);
    EXPECT_EQ(answer.refusals[0].type, "search");
    EXPECT_EQ(answer.refusals[0].id, "s");
}

TEST(ReadImportAnswer, KnowsTheKindsOfRefusals) {
    struct Case {
        std::string kind{};
        ImportFault fault{};
    };

    const Case cases[] = {
        {"conflict", ImportFault::conflict},
        {"ambiguous_conflict", ImportFault::ambiguous_conflict},
        {"missing_references", ImportFault::missing_references},
        {"unsupported_type", ImportFault::unsupported_type},
        {"unknown", ImportFault::unknown},
        {"of_next_year", ImportFault::unknown},
        {"", ImportFault::unknown},
    };
    for (const Case& each : cases) {
        const ImportAnswer answer = read(
            R"({"successCount":0,"success":false,"errors":[{"type":"t","id":"i","error":{"type":")" +
                each.kind + R"("}}]})",
            1);
        ASSERT_EQ(answer.refusals.size(), 1U) << each.kind;
        EXPECT_EQ(answer.refusals[0].fault, each.fault) << each.kind;
        EXPECT_EQ(answer.refusals[0].kind, each.kind);
    }
}

TEST(ReadImportAnswer, RefusesOtherShapes) {
    for (const std::string_view text :
         {"[]",
          "null",
          "{}",
          R"({"success":true})",
          R"({"successCount":1})",
          R"({"success":"true","successCount":1})",
          R"({"success":true,"successCount":"1"})",
          R"({"success":true,"successCount":1,"errors":{}})",
          R"({"success":false,"successCount":0,"errors":[{"id":"i","error":{"type":"x"}}]})",
          R"({"success":false,"successCount":0,"errors":[{"type":"t","id":"i"}]})"}) {
        EXPECT_THROW(read(text, 1), JsonError) << text;
    }
}

}  // namespace
}  // namespace caretaker

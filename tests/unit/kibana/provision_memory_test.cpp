// SPDX-License-Identifier: Apache-2.0
// What is remembered of written objects, and how it decides about them.
#include "jobs/kibana/provision_memory.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace caretaker {
namespace {

WrittenObject written(const char* wanted, const char* present) {
    return {.wanted = hash_form(wanted), .present = hash_form(present)};
}

struct FormCase {
    const char* what;
    const char* wanted;
    std::optional<std::string> present;
    std::optional<WrittenObject> before;
    ObjectStep step;
};

TEST(CompareForms, DecidesByWhatKibanaMadeOfWhatWasWritten) {
    const std::vector<FormCase> cases{
        {"is not there", "a", std::nullopt, std::nullopt, ObjectStep::create},
        {"was deleted by people", "a", std::nullopt, written("a", "a"), ObjectStep::create},
        {"is as wanted, by whomever", "a", "a", std::nullopt, ObjectStep::same},
        {"was never ours", "a", "b", std::nullopt, ObjectStep::drift},
        {"was migrated by Kibana", "a", "a2", written("a", "a2"), ObjectStep::same},
        {"was migrated, then wanted otherwise", "b", "a2", written("a", "a2"), ObjectStep::update},
        {"was changed by people", "a", "c", written("a", "a"), ObjectStep::drift},
        {"was changed by people and wanted otherwise",
         "b",
         "c",
         written("a", "a"),
         ObjectStep::drift},
        {"people put in what is wanted now", "b", "b", written("a", "a"), ObjectStep::same},
    };
    for (const FormCase& one : cases) {
        EXPECT_EQ(decide_object_step(compare_forms(one.wanted, one.present, one.before), false),
                  one.step)
            << one.what;
    }
}

TEST(DecodeWritten, ReadsWhatWasEncodedAndNothingElse) {
    const WrittenObject object = written("a", "b");
    const auto read = decode_written(encode_written(object));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->wanted, object.wanted);
    EXPECT_EQ(read->present, object.present);
    for (const char* text : {"",
                             "x",
                             "0123456789abcdef",
                             "0123456789abcdef-0123456789abcdef",
                             "0123456789abcdef 0123456789abcdef0"}) {
        EXPECT_FALSE(decode_written(text)) << text;
    }
}

}  // namespace
}  // namespace caretaker

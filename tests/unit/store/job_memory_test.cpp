// SPDX-License-Identifier: Apache-2.0
// What a job remembers from run to run.
#include "common/store/job_memory.hpp"

#include "common/store/migrations.hpp"
#include "common/store/schema.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace caretaker {
namespace {

class JobMemoryTest : public testing::Test {
 protected:
    JobMemoryTest() { migrate(database_, schema_steps()); }

    static std::string body_of(JobMemory& memory, const MemoryKey& key) {
        const auto entry = memory.find(key);
        return entry ? std::string(entry->body) : "none";
    }

    void save(JobMemory& memory, const MemoryKey& key, std::string_view body) {
        memory.write([&] { memory.save(key, body, now_); });
    }

    WallTime now_{std::chrono::milliseconds(1'790'000'000'123)};
    Database database_{":memory:", Database::Access::read_write, BusyWait{}};
};

TEST_F(JobMemoryTest, GivesBackTheBytesItWasGiven) {
    JobMemory memory(database_, "lag", "prod");
    const MemoryKey key{"window", "billing", "orders"};
    EXPECT_EQ(body_of(memory, key), "none");
    const std::string bytes("\0\xff\1 \0", 5);
    save(memory, key, bytes);
    const auto entry = memory.find(key);
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->body, bytes);
    EXPECT_EQ(entry->updated_at, now_);
    save(memory, key, "");
    EXPECT_EQ(body_of(memory, key), "");
}

TEST_F(JobMemoryTest, KeepsThingsApartByEachPartOfTheirKey) {
    JobMemory memory(database_, "lag", "prod");
    JobMemory other_target(database_, "lag", "test");
    JobMemory other_job(database_, "rotate", "prod");
    save(memory, {"window", "a", "b"}, "1");
    for (const MemoryKey& key : {MemoryKey{"window", "a", ""},
                                 MemoryKey{"window", "ab", ""},
                                 MemoryKey{"end", "a", "b"}}) {
        EXPECT_EQ(body_of(memory, key), "none");
    }
    EXPECT_EQ(body_of(other_target, {"window", "a", "b"}), "none");
    EXPECT_EQ(body_of(other_job, {"window", "a", "b"}), "none");
}

TEST_F(JobMemoryTest, ListsThePartsOfAThing) {
    JobMemory memory(database_, "lag", "prod");
    save(memory, {"window", "b", "2"}, "");
    save(memory, {"window", "b", "1"}, "");
    save(memory, {"window", "a", "3"}, "");
    EXPECT_EQ(memory.parts("window", "b"), (std::vector<std::string>{"1", "2"}));
    EXPECT_TRUE(memory.parts("end", "b").empty());
}

TEST_F(JobMemoryTest, KnowsWhetherAnythingWasSavedSince) {
    JobMemory memory(database_, "lag", "prod");
    EXPECT_FALSE(memory.knows_any("window", now_));
    save(memory, {"window", "a", "1"}, "x");
    EXPECT_TRUE(memory.knows_any("window", now_));
    EXPECT_FALSE(memory.knows_any("window", now_ + std::chrono::milliseconds(1)));
    EXPECT_FALSE(memory.knows_any("end", now_));
}

TEST_F(JobMemoryTest, KeepsAllOfATransactionOrNothing) {
    JobMemory memory(database_, "lag", "prod");
    save(memory, {"window", "a", "1"}, "before");
    EXPECT_THROW(memory.write([&] {
        memory.save({"window", "a", "1"}, "after", now_);
        static_cast<void>(memory.find({"window", "a", "1"}));
        throw std::runtime_error("in the middle");
    }),
                 std::runtime_error);
    EXPECT_EQ(body_of(memory, {"window", "a", "1"}), "before");
}

TEST_F(JobMemoryTest, ListsTheThingsOfAKindThatWereSavedSince) {
    JobMemory memory(database_, "lag", "prod");
    JobMemory other_target(database_, "lag", "test");
    save(memory, {"window", "old", "1"}, "");
    now_ += std::chrono::minutes(5);
    save(memory, {"window", "b", "1"}, "");
    save(memory, {"window", "b", "2"}, "");
    save(memory, {"window", "a", "1"}, "");
    save(memory, {"end", "c", ""}, "");
    save(other_target, {"window", "d", "1"}, "");
    EXPECT_EQ(memory.names("window", now_), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(memory.names("window", now_ - std::chrono::minutes(5)),
              (std::vector<std::string>{"a", "b", "old"}));
    EXPECT_TRUE(memory.names("window", now_ + std::chrono::milliseconds(1)).empty());
}

TEST_F(JobMemoryTest, ForgetsAThingAndNoOther) {
    JobMemory memory(database_, "lag", "prod");
    save(memory, {"gone", "a", ""}, "1");
    save(memory, {"gone", "b", ""}, "2");
    memory.write([&] {
        memory.forget({"gone", "a", ""});
        memory.forget({"gone", "never", ""});
    });
    EXPECT_EQ(body_of(memory, {"gone", "a", ""}), "none");
    EXPECT_EQ(body_of(memory, {"gone", "b", ""}), "2");
}

}  // namespace
}  // namespace caretaker

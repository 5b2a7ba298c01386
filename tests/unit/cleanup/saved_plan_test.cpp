// SPDX-License-Identifier: Apache-2.0
// A plan out of a file.
#include "jobs/cleanup/saved_plan.hpp"

#include "common/base/error.hpp"
#include "common/text/timestamp.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace caretaker {
namespace {

using namespace std::chrono_literals;

const WallTime made = *parse_rfc3339("2026-03-01T12:00:00Z");

constexpr std::string_view document = R"({"run":{"job":"cleanup","dry_run":true,"host":"h1",
"started_at":"2026-03-01T12:00:00.000Z"},"rows":[
{"kind":"unlink","rule":"a","path":"/data/x","escaped_path":"/data/x\\n","device":34359738369,
 "inode":"9223372036854775807","size":5,"mtime_ns":"1772366400000000001","ctime_ns":7},
{"kind":"rmdir","rule":"a","path":"/data/d","escaped_path":"/data/d","device":1,"inode":2,
 "size":0,"mtime_ns":-5,"ctime_ns":0}]})";

SavedPlan parse(std::string_view text, WallTime now = made + 1h, const std::string& host = "h1") {
    return SavedPlan::parse(text, "the plan p.json", host, now);
}

std::string error_of(std::string_view text, WallTime now = made + 1h) {
    try {
        parse(text, now);
        return {};
    } catch (const UsageError& error) {
        return error.what();
    }
}

PlannedThing thing() {
    return {.kind = "unlink",
            .rule = "a",
            .path = "/data/x\n",
            .device = 34359738369,
            .inode = 9223372036854775807,
            .size = 5,
            .mtime = 1772366400000000001,
            .ctime = 7};
}

TEST(SavedPlan, ContainsWhatIsTheSameInEveryPart) {
    const SavedPlan plan = parse(document);
    EXPECT_EQ(plan.things().size(), 2U);
    EXPECT_EQ(plan.find(thing()), 0U);
    const auto differs = [&](auto change) {
        PlannedThing other = thing();
        change(other);
        return !plan.find(other);
    };
    EXPECT_TRUE(differs([](PlannedThing& t) { t.rule = "b"; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { t.kind = "rmdir"; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { t.path = "/data/x"; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { t.object = "id"; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { ++t.device; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { --t.inode; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { ++t.size; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { ++t.mtime; }));
    EXPECT_TRUE(differs([](PlannedThing& t) { ++t.ctime; }));
}

TEST(SavedPlan, HoldsThingsOfADockerEngineToo) {
    const SavedPlan plan = parse(R"({"run":{"job":"cleanup","dry_run":true,"host":"h1",
"started_at":"2026-03-01T12:00:00.000Z"},"rows":[
{"part":"docker","kind":"image","rule":"docker","path":"app:1","escaped_path":"app:1",
 "object":"sha256:1","device":0,"inode":0,"size":0,"mtime_ns":0,"ctime_ns":0}]})");
    PlannedThing image{.kind = "image", .rule = "docker", .path = "app:1", .object = "sha256:1"};
    EXPECT_EQ(plan.find(image), 0U);
    EXPECT_EQ(plan.things()[0].part, "docker");
    image.object = "sha256:2";
    EXPECT_EQ(plan.find(image), std::nullopt) << "the tag is another image's by now";
}

TEST(SavedPlan, TellsOfAThingThatItAloneHolds) {
    const SavedThing saved{.part = "files", .kind = "unlink", .rule = "a", .path = "/x"};
    EXPECT_EQ(row_of({.thing = saved}).result, "changed");
    EXPECT_EQ(row_of({.thing = saved, .is_gone = true}).result, "gone");
    EXPECT_EQ(row_of({.thing = saved, .reason = "why"}).result, "skipped");
    EXPECT_EQ(row_of({.thing = saved, .reason = "why"}).reason, "why");
}

TEST(SavedPlan, LivesForADay) {
    EXPECT_EQ(error_of(document, made), "");
    EXPECT_EQ(error_of(document, made + 24h - 1ms), "");
    EXPECT_NE(error_of(document, made + 24h).find("not made within the last 24 hours"),
              std::string::npos);
    EXPECT_NE(error_of(document, made - 1ms).find("not made within the last 24 hours"),
              std::string::npos);
}

TEST(SavedPlan, IsOfThisHostAlone) {
    EXPECT_THROW(parse(document, made + 1h, "h2"), UsageError);
}

TEST(SavedPlan, RefusesWhatIsNone) {
    for (const char* text : {"",
                             "[]",
                             "{}",
                             R"({"run":{"job":"lag","dry_run":true}})",
                             R"({"run":{"job":"cleanup","dry_run":false}})",
                             R"({"run":{"job":"cleanup","dry_run":true,"host":"h1",
                                 "started_at":"x"},"rows":[]})",
                             R"({"run":{"job":"cleanup","dry_run":true,"host":"h1",
                                 "started_at":"2026-03-01T12:00:00Z"},"rows":[{"kind":1}]})",
                             R"({"run":{"job":"cleanup","dry_run":true,"host":"h1",
                                 "started_at":"2026-03-01T12:00:00Z"},"rows":[{"kind":"unlink",
                                 "rule":"a","escaped_path":"\\q"}]})"}) {
        EXPECT_NE(error_of(text), "") << text;
    }
}

}  // namespace
}  // namespace caretaker

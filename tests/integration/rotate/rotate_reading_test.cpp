// SPDX-License-Identifier: Apache-2.0
// What `caretaker rotate` makes of answers that are right and tell less than they seem to.
#include "tests/integration/rotate/troubled_search.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

using Words = std::vector<std::string>;

constexpr const char* delete_by_field = R"(actions:
  1:
    action: delete_indices
    filters:
    - {filtertype: age, source: field_stats, field: t, direction: older, unit: days, unit_count: 30}
)";

TEST(RotateReading, AFieldThatNotAllShardsAnsweredForTellsNoAge) {
    for (const bool times_out : {false, true}) {
        TroubledSearch search;
        sandbox::FakeIndex& index = search.state().add("audit-1");
        index.created_ms = 1'500'000'000'000;
        index.docs = 3;
        search.state().searches_time_out = times_out;
        search.state().failing_shards = times_out ? 0 : 4;
        const Rotation lenient = search.rotate(delete_by_field);
        EXPECT_EQ(lenient.exit_code, 0) << lenient.err;
        EXPECT_NE(lenient.err.find("audit-1 is left alone: not all of its shards answered for "
                                   "the field t"),
                  std::string::npos)
            << lenient.err;
        const Rotation strict = search.rotate(delete_by_field, {"--yes", "--strict"});
        EXPECT_EQ(strict.exit_code, 1) << strict.err;
        EXPECT_EQ(search.count(HttpMethod::del), 0U);
        search.state().searches_time_out = false;
        search.state().failing_shards = 0;
        EXPECT_EQ(search.rotate(delete_by_field).actions(), Words{"delete_index audit-1 done"});
    }
}

TEST(RotateReading, HiddenIndicesHaveSegmentsToo) {
    const char* merge = R"(actions:
  1:
    action: forcemerge
    options: {max_num_segments: 1, include_hidden: true}
    filters: [{filtertype: forcemerged, max_num_segments: 1}]
)";
    for (const char* version : {"elasticsearch-7.17.28",
                                "elasticsearch-9.2.0",
                                "opensearch-2.19.3",
                                "elasticsearch-6.8.23"}) {
        TroubledSearch search(version);
        search.state().add("closed").is_open = false;
        sandbox::FakeIndex& index = search.state().add("secret");
        index.is_hidden = true;
        index.segments = 9;
        search.state().add("merged").segments = 1;
        const Rotation rotation = search.rotate(merge);
        EXPECT_EQ(rotation.actions(), Words{"forcemerge secret done"})
            << version << rotation.err << rotation.out;
    }
}

constexpr const char* delete_audit = R"(actions:
  1:
    action: delete_indices
    filters: [{filtertype: pattern, kind: prefix, value: audit-}]
)";

TEST(RotateReading, TheBlockOfAFullDiskProvesNoEndOfWrites) {
    TroubledSearch search;
    search.state().add("audit-1").created_ms = 1;
    search.state().repositories["backup"]["s"] = {.indices = {"audit-1"}, .started_ms = 2};
    search.set_variable("CARETAKER_ROTATE_REQUIRE_SNAPSHOT", "backup");
    search.state().indices["audit-1"].settings["index.blocks.read_only_allow_delete"] = "true";
    const Rotation full = search.rotate(delete_audit);
    EXPECT_NE(full.out.find("it can still be written to"), std::string::npos) << full.out;
    EXPECT_EQ(search.count(HttpMethod::del), 0U);
    search.state().indices["audit-1"].settings = {{"index.blocks.write", "true"}};
    EXPECT_EQ(search.rotate(delete_audit).actions(), Words{"delete_index audit-1 done"});
}

TEST(RotateReading, AnAliasThatIsOnlyReadProvesNoEndOfWrites) {
    TroubledSearch search;
    search.state().add("audit-1").created_ms = 1;
    search.state().indices["audit-1"].aliases["audit"] = false;
    search.state().repositories["backup"]["s"] = {.indices = {"audit-1"}, .started_ms = 20};
    search.set_variable("CARETAKER_ROTATE_REQUIRE_SNAPSHOT", "backup");
    EXPECT_NE(search.rotate(delete_audit).out.find("it can still be written to"),
              std::string::npos);
    EXPECT_EQ(search.count(HttpMethod::del), 0U);
    search.state().add("other-2").created_ms = 20;
    search.state().indices["other-2"].aliases["audit"] = true;
    EXPECT_EQ(search.rotate(delete_audit).actions(), Words{"delete_index audit-1 done"});
}

}  // namespace
}  // namespace caretaker::testing

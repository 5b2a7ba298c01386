// SPDX-License-Identifier: Apache-2.0
// Which rows are shown: by the words of statuses, and by lag.
#include "jobs/lag/lag_row_filter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

StatusSet statuses(const std::vector<std::string>& words) {
    StatusSet set;
    for (const std::string& word : words) {
        EXPECT_TRUE(set.add(word)) << word;
    }
    return set;
}

PartitionVerdict verdict(LagStatus status, GroupStatus weight = GroupStatus::ok) {
    return {.status = status, .weight = weight};
}

const std::vector<PartitionVerdict> nothing{};

TEST(StatusSet, TakesTheWordsOfPartitionsAndGroupsInAnyCase) {
    StatusSet set;
    EXPECT_TRUE(set.is_empty());
    EXPECT_TRUE(set.add("stop"));
    EXPECT_TRUE(set.add("NotFound"));
    EXPECT_FALSE(set.is_empty());
    EXPECT_FALSE(set.add("BROKEN"));
    EXPECT_FALSE(set.add(""));
    EXPECT_FALSE(set.add("ER"));
}

TEST(StatusSet, NamesEachWordThatItTakes) {
    std::string words = StatusSet::words();
    EXPECT_EQ(words,
              "OK, WARN, STOP, STALL, REWIND, LOST, AHEAD, NOCOMMIT, NOTOPIC, NOLEADER, UNKNOWN, "
              "ERR, NOTFOUND, EXPIRED, NOTJUDGED");
    for (std::size_t comma = 0; comma != std::string::npos;) {
        comma = words.find(", ");
        StatusSet set;
        EXPECT_TRUE(set.add(words.substr(0, comma))) << words;
        words.erase(0, comma == std::string::npos ? comma : comma + 2);
    }
}

TEST(StatusSet, HasAPartitionByItsOwnWord) {
    EXPECT_TRUE(statuses({"stop", "warn"}).has(verdict(LagStatus::stop, GroupStatus::err)));
    EXPECT_FALSE(statuses({"stop"}).has(verdict(LagStatus::stall, GroupStatus::err)));
    EXPECT_FALSE(statuses({"warn"}).has(verdict(LagStatus::ahead, GroupStatus::warn)));
    EXPECT_FALSE(statuses({"notfound"}).has(verdict(LagStatus::ok)));
}

TEST(StatusSet, HasEveryErrorOfAPartitionByErr) {
    for (const LagStatus status :
         {LagStatus::stop, LagStatus::stall, LagStatus::rewind, LagStatus::lost}) {
        EXPECT_TRUE(statuses({"err"}).has(verdict(status, GroupStatus::err)));
    }
    EXPECT_FALSE(statuses({"err"}).has(verdict(LagStatus::warn, GroupStatus::warn)));
    EXPECT_FALSE(statuses({"err"}).has(verdict(LagStatus::unknown)));
}

TEST(StatusSet, HasAGroupByItsOwnWord) {
    EXPECT_TRUE(statuses({"err"}).has(GroupStatus::err, nothing));
    EXPECT_TRUE(statuses({"expired"}).has(GroupStatus::expired, nothing));
    EXPECT_FALSE(statuses({"err"}).has(GroupStatus::warn, nothing));
}

TEST(StatusSet, HasAGroupByWhatOnlyPartitionsAre) {
    const std::vector partitions{verdict(LagStatus::ok),
                                 verdict(LagStatus::rewind, GroupStatus::err),
                                 verdict(LagStatus::unknown)};
    EXPECT_TRUE(statuses({"rewind"}).has(GroupStatus::err, partitions));
    EXPECT_TRUE(statuses({"unknown"}).has(GroupStatus::err, partitions));
    EXPECT_FALSE(statuses({"stall"}).has(GroupStatus::err, partitions));
    EXPECT_FALSE(statuses({"ok"}).has(GroupStatus::err, partitions))
        << "that one of its partitions is fine does not make a group fine";
}

TEST(LagRowFilter, ShowsAllWithoutConditions) {
    const LagRowFilter filter;
    EXPECT_TRUE(filter.is_empty());
    EXPECT_TRUE(filter.shows(verdict(LagStatus::ok), Lag{}));
    EXPECT_TRUE(filter.shows(GroupStatus::unknown, nothing, LagTotals{}));
}

TEST(LagRowFilter, ShowsWhatIsAtLeastSoFarBehind) {
    const LagRowFilter filter{.min_lag = 100};
    EXPECT_FALSE(filter.is_empty());
    EXPECT_TRUE(filter.shows(verdict(LagStatus::ok), {.lag = 100}));
    EXPECT_FALSE(filter.shows(verdict(LagStatus::ok), {.lag = 99}));
    EXPECT_FALSE(filter.shows(verdict(LagStatus::ok), Lag{})) << "not known";
    EXPECT_TRUE(filter.shows(GroupStatus::ok, nothing, {.sum = {.lag = 101}}));
    EXPECT_FALSE(filter.shows(GroupStatus::unknown, nothing, LagTotals{}));
    EXPECT_FALSE((LagRowFilter{.min_lag = 0}).shows(GroupStatus::unknown, nothing, LagTotals{}));
}

TEST(LagRowFilter, WantsBothConditionsToHold) {
    const LagRowFilter filter{.statuses = statuses({"stop"}), .min_lag = 10};
    const auto stopped = verdict(LagStatus::stop, GroupStatus::err);
    EXPECT_TRUE(filter.shows(stopped, {.lag = 10}));
    EXPECT_FALSE(filter.shows(stopped, {.lag = 9}));
    EXPECT_FALSE(filter.shows(verdict(LagStatus::ok), {.lag = 10}));
}

}  // namespace
}  // namespace caretaker

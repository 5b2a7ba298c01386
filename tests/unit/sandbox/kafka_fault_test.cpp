// SPDX-License-Identifier: Apache-2.0
// The one-line form of faults.
#include "tests/sandbox/kafka_fault.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

class FaultSpec : public testing::TestWithParam<const char*> {};

TEST_P(FaultSpec, ComesBackAsItWasWritten) {
    EXPECT_EQ(format_kafka_fault(parse_kafka_fault(GetParam())), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         FaultSpec,
                         testing::Values("silent",
                                         "hang:api=ListGroups,broker=1",
                                         "swallow:api=OffsetFetch,times=2",
                                         "delay:ms=5",
                                         "max-version:api=OffsetFetch,version=5",
                                         "hide:api=DescribeGroups",
                                         "error:code=NOT_COORDINATOR,group=billing,times=3",
                                         "error:code=NOT_LEADER_OR_FOLLOWER,topic=logs,partition=2",
                                         "error:code=77,api=ListOffsets",
                                         "error:code=GROUP_AUTHORIZATION_FAILED,group=a=b%2C%25 c",
                                         "dead:broker=2",
                                         "garbage:api=Metadata",
                                         "truncated",
                                         "huge-length:broker=0",
                                         "cut:times=1",
                                         "empty-null"));

TEST(ParseKafkaFault, DecodesPercentSignsInNames) {
    EXPECT_EQ(parse_kafka_fault("error:code=NOT_COORDINATOR,group=a%2cb%25%C3%BC").group,
              "a,b%\xC3\xBC");
}

TEST(ParseKafkaFault, TakesOlderNamesOfErrors) {
    EXPECT_EQ(parse_kafka_fault("error:code=not_leader").code, kafka_error::not_leader_or_follower);
}

class BrokenFaultSpec : public testing::TestWithParam<const char*> {};

TEST_P(BrokenFaultSpec, IsAUsageErrorThatNamesIt) {
    try {
        parse_kafka_fault(GetParam());
        FAIL() << "was taken";
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find(GetParam()), std::string::npos) << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(Hostile,
                         BrokenFaultSpec,
                         testing::Values("",
                                         "nothing",
                                         ":api=Metadata",
                                         "hang:api",
                                         "hang:api=Produce",
                                         "hang:ms=5",
                                         "hang:broker=-1",
                                         "hang:broker=99999999999",
                                         "hang:times=",
                                         "delay",
                                         "delay:ms=5x",
                                         "max-version:api=Metadata",
                                         "dead",
                                         "error",
                                         "error:code=NO_SUCH_ERROR",
                                         "error:code=UNKNOWN_SERVER_ERROR",
                                         "error:code=NOT_LEADER,partition=1",
                                         "error:code=NOT_COORDINATOR,group=%2"));

}  // namespace
}  // namespace caretaker::sandbox

// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/request_target.hpp"

#include <gtest/gtest.h>

namespace caretaker::sandbox {
namespace {

TEST(RequestTarget, TakesPathAndQueryApart) {
    const RequestTarget target =
        parse_request_target("/v2/apps//a%20b/?embed=x&embed=y+z&n=1&flag");
    EXPECT_EQ(target.path, "/v2/apps//a%20b/");
    EXPECT_EQ(target.segments, (std::vector<std::string>{"v2", "apps", "a b"}));
    EXPECT_EQ(target.parameters_named("embed"), (std::vector<std::string_view>{"x", "y z"}));
    EXPECT_EQ(target.parameter("n"), "1");
    EXPECT_TRUE(target.has_parameter("flag"));
    EXPECT_EQ(target.parameter("none"), "");
}

TEST(RequestTarget, DropsTheHostOfAnAbsoluteUrl) {
    EXPECT_EQ(parse_request_target("http://host:1/a?b=c").path, "/a");
    EXPECT_EQ(parse_request_target("/a?url=http://x/y").path, "/a");
}

TEST(PercentDecode, LeavesWhatIsNoByteAlone) {
    EXPECT_EQ(percent_decode("a%2Fb%zz%4"), "a/b%zz%4");
}

}  // namespace
}  // namespace caretaker::sandbox

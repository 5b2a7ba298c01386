// SPDX-License-Identifier: Apache-2.0
// URLs taken apart, and where redirects lead.
#include "common/http/url.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

/// "-" where nothing comes out.
std::string round_trip(std::string_view text) {
    const auto url = parse_url(text);
    return url ? format_url(*url) : "-";
}

TEST(Url, IsTakenApartAndPutTogether) {
    const auto url = parse_url("HTTPS://user:pw@ES1.Example:9200/_cat/indices?v#x");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "https");
    EXPECT_EQ(url->host, "es1.example");
    EXPECT_EQ(url->port, 9200);
    EXPECT_EQ(url->target, "/_cat/indices?v");
    EXPECT_TRUE(url->has_userinfo);
    EXPECT_EQ(format_url(*url), "https://es1.example:9200/_cat/indices?v");
    EXPECT_EQ(round_trip("http://h"), "http://h/");
    EXPECT_EQ(round_trip("http://h?q"), "http://h/?q");
    EXPECT_EQ(round_trip("http://h:/x"), "http://h/x");
    EXPECT_EQ(round_trip("http://h:80/x"), "http://h/x");
    EXPECT_EQ(round_trip("https://h:80/x"), "https://h:80/x");
    EXPECT_EQ(round_trip("http://[::1]:9200/"), "http://[::1]:9200/");
    EXPECT_EQ(round_trip("http://a:b@c@h/"), "http://h/") << "the last @ ends the userinfo";
    EXPECT_EQ(parse_url("file:///etc/passwd")->host, "");
}

TEST(Url, IsNothingElse) {
    for (const std::string wrong : {"",
                                    "es1:9200",
                                    "http:/h",
                                    "http://",
                                    "http:///x",
                                    "://h",
                                    "1http://h",
                                    "http://h:x/",
                                    "http://h:99999/",
                                    "http://h:-1/",
                                    "http://[::1/",
                                    "http://[[448]:6/",
                                    "http://[x]/",
                                    "http://a]b/",
                                    "http://[::1]x/",
                                    "http://h/a b",
                                    "http://h/\n"}) {
        EXPECT_EQ(round_trip(wrong), "-") << wrong;
    }
}

TEST(Location, LeadsWhereTheServiceMeans) {
    struct Case {
        std::string location;
        std::string leads_to;
    };

    const Url base = *parse_url("https://m1:5050/master/state?x=1");
    const std::vector<Case> cases{
        {"http://m2:5050/master/state", "http://m2:5050/master/state"},
        {"//m2:5050/master/state?x=1", "https://m2:5050/master/state?x=1"},
        {"//m2:5050", "https://m2:5050/"},
        {"masterhost2:5050", "https://masterhost2:5050/"},
        {"/other?y", "https://m1:5050/other?y"},
        {"?y=2", "https://m1:5050/master/state?y=2"},
        {"slaves", "https://m1:5050/master/slaves"},
        {"slaves?at=a:b", "https://m1:5050/master/slaves?at=a:b"},
        {"//user:pw@m2/", "https://m2/"},
    };
    for (const auto& [location, leads_to] : cases) {
        const auto url = resolve_location(base, location);
        ASSERT_TRUE(url) << location;
        EXPECT_EQ(format_url(*url), leads_to) << location;
    }
    EXPECT_EQ(resolve_location(base, "file:///etc/passwd")->scheme, "file");
    EXPECT_EQ(resolve_location(base, "file:/etc/passwd")->scheme, "file");
    EXPECT_EQ(resolve_location(base, "javascript:alert(1)")->scheme, "javascript");
    for (const std::string wrong :
         {"", " /x", "/x y", "//", "http://", "https:/m/a", "h:99999", "a b:1"}) {
        EXPECT_FALSE(resolve_location(base, wrong)) << wrong;
    }
}

TEST(Domain, IsTheSameForNeighbours) {
    EXPECT_TRUE(is_same_domain("m1.logs.example", "m2.logs.example"));
    EXPECT_FALSE(is_same_domain("m1.logs.example", "m2.other.example"));
    EXPECT_FALSE(is_same_domain("m1.logs.example", "logs.example"));
    EXPECT_FALSE(is_same_domain("a.com", "b.com")) << "a top level is no domain";
    EXPECT_FALSE(is_same_domain("m1", "m2"));
    EXPECT_FALSE(is_same_domain("10.0.0.1", "11.0.0.1"));
    EXPECT_FALSE(is_same_domain("::1", "::2"));
    EXPECT_FALSE(is_same_domain("", ""));
}

}  // namespace
}  // namespace caretaker

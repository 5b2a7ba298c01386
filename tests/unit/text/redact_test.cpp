// SPDX-License-Identifier: Apache-2.0
// Nothing secret leaves the process.
#include "common/text/redact.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace caretaker {
namespace {

using Table = std::vector<std::pair<std::string_view, std::string_view>>;

void expect_redacted(const Table& table) {
    for (const auto& [text, expected] : table) {
        const std::string once = redact(text, {});
        EXPECT_EQ(once, expected) << text;
        EXPECT_EQ(redact(once, {}), once) << "a second time changes nothing: " << text;
    }
}

TEST(Redact, TakesUserinfoOutOfUrls) {
    expect_redacted({
        {"http://elastic:pa55@es1:9200/_cat", "http://***@es1:9200/_cat"},
        {"GET https://user@host failed", "GET https://***@host failed"},
        {"http://a:b@h1,http://c:d@h2", "http://***@h1,http://***@h2"},
        {"http://u:p@ss@host/", "http://***@host/"},
        {"http://host/path@v2", "http://host/path@v2"},
        {"http://host?mail=a@b.c", "http://host?mail=a@b.c"},
        {"write to ops@example.org", "write to ops@example.org"},
        {"\"http://u:p@h\" and http://u:p@h", "\"http://***@h\" and http://***@h"},
        {"http://@host", "http://@host"},
        {"://", "://"},
    });
    EXPECT_EQ(redact_url("https://u:p@h:1/x?token=t"), "https://***@h:1/x?token=t");
}

TEST(Redact, TakesTheValuesOfSecretHeaders) {
    expect_redacted({
        {"> Authorization: Basic ZWxhc3RpYzpw\r\n> Accept: */*\r\n",
         "> Authorization: ***\r\n> Accept: */*\r\n"},
        {"authorization: Digest username=\"u\", response=\"r\"", "authorization: ***"},
        {"Proxy-Authorization: x", "Proxy-Authorization: ***"},
        {"Cookie: a=b; c=d\nnext", "Cookie: ***\nnext"},
        {"Set-Cookie: sid=1", "Set-Cookie: ***"},
        {"X-Auth-Token: t0p", "X-Auth-Token: ***"},
        {"x-api-key:k", "x-api-key:***"},
        {R"({"Authorization":"Bearer abc","n":1})", R"({"Authorization":"***","n":1})"},
        {"-H 'Authorization: Bearer abc' --verbose", "-H 'Authorization: ***' --verbose"},
        {"Content-Type: text/plain", "Content-Type: text/plain"},
        {"Authorization:", "Authorization:"},
        {"Authorization", "Authorization"},
    });
}

TEST(Redact, TakesSecretParameters) {
    expect_redacted({
        {"/x?token=abc&n=1", "/x?token=***&n=1"},
        {"/x?n=1&api_key=abc#top", "/x?n=1&api_key=***#top"},
        {"/x?X-Amz-Signature=ab12 200", "/x?X-Amz-Signature=*** 200"},
        {"/x?client_secret=a&PASSWORD=b", "/x?client_secret=***&PASSWORD=***"},
        {"/x?passwd=", "/x?passwd="},
        {"sasl.password=hunter2 sasl.username=u", "sasl.password=*** sasl.username=u"},
        {"password=\"a b\" rest", "password=\"***\" rest"},
        {"key=order-42 n=1", "key=order-42 n=1"},
        {"password_file=/run/secret", "password_file=/run/secret"},
        {"/x?keyspace=a&n=token", "/x?keyspace=a&n=token"},
    });
}

TEST(Redact, TakesLiteralSecretsLongestFirst) {
    const std::vector<std::string> secrets{"hunter2", "hunter2000", "abc", "", "pass word"};
    EXPECT_EQ(redact("hunter2000 hunter2 xhunter2x", secrets), "*** *** x***x");
    EXPECT_EQ(redact("abc", secrets), "abc") << "three bytes would blacken half the text";
    EXPECT_EQ(redact("a pass word here", secrets), "a *** here");
    EXPECT_EQ(redact("", secrets), "");
}

TEST(Redact, TakesPiecesOfSecretsToo) {
    const std::vector<std::string> secrets{"YW5uOmdlaGVpbQ==", "geheim"};
    EXPECT_EQ(redact("Basic YW5uOmdlaGVpb'", secrets), "Basic ***'") << "cut at its end";
    EXPECT_EQ(redact("'OmdlaGVpbQ==", secrets), "'***") << "cut at its beginning";
    EXPECT_EQ(redact("'OmdlaGV'", secrets), "'OmdlaGV'") << "seven bytes tell too little";
    EXPECT_EQ(redact("gehei", secrets), "gehei") << "a short one only as a whole";
}

TEST(Redact, KnowsSecretNames) {
    for (const std::string_view name : {"password",
                                        "sasl.password",
                                        "ssl.key.password",
                                        "ssl.key.pem",
                                        "client_secret",
                                        "X-Auth-Token",
                                        "Authorization",
                                        "cookie",
                                        "api_key",
                                        "sasl.jaas.config"}) {
        EXPECT_TRUE(is_secret_name(name)) << name;
    }
    for (const std::string_view name : {"",
                                        "user",
                                        "password_file",
                                        "ssl.key.location",
                                        "token_file",
                                        "bootstrap.servers",
                                        "keyspace"}) {
        EXPECT_FALSE(is_secret_name(name)) << name;
    }
}

}  // namespace
}  // namespace caretaker

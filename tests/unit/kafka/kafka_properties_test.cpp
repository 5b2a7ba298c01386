// SPDX-License-Identifier: Apache-2.0
// Client properties from files and from the command line.
#include "common/kafka/kafka_properties.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using Properties = std::vector<KafkaProperty>;

Properties parse(std::string_view text) {
    return parse_kafka_properties(text, "client.properties");
}

std::string error_of(std::string_view text) {
    try {
        parse(text);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "no error";
}

std::string flag_error_of(std::string_view argument) {
    try {
        parse_kafka_property(argument);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "no error";
}

TEST(KafkaProperties, KeepTheOrderOfTheFileAndRepeatedKeys) {
    EXPECT_EQ(parse("b=1\na=2\nb=3\n"), (Properties{{"b", "1"}, {"a", "2"}, {"b", "3"}}));
}

TEST(KafkaProperties, AreReadAsPeopleWriteThem) {
    const struct {
        std::string_view text;
        Properties properties;
    } cases[] = {
        {"", {}},
        {"\n\n  \n", {}},
        {"# a=1\n  # b=2\n! c=3\n", {}},
        {"a=1", {{"a", "1"}}},
        {"a=1\r\nb=2\r\n", {{"a", "1"}, {"b", "2"}}},
        {"  a \t=  1  \n", {{"a", "1"}}},
        {"a: 1", {{"a", "1"}}},
        {"a=", {{"a", ""}}},
        {"a=b=c", {{"a", "b=c"}}},
        {"servers=h1:9092,h2:9092", {{"servers", "h1:9092,h2:9092"}}},
        {"servers=h1\\:9092\nx=1\\=2", {{"servers", "h1:9092"}, {"x", "1=2"}}},
        {"a\\=b=c", {{"a=b", "c"}}},
        {"a=#1 # no comment", {{"a", "#1 # no comment"}}},
        {"a=one \\\n   two\nb=3", {{"a", "one two"}, {"b", "3"}}},
        {"a=1\\\\\nb=2", {{"a", "1\\"}, {"b", "2"}}},
        {"a=1\\", {{"a", "1"}}},
        {"a=blank\\ \nb=2", {{"a", "blank "}, {"b", "2"}}},
        {"a=\\t\\u00e4\\u20ac\\ud83d\\ude00", {{"a", "\t\u00e4\u20ac\U0001f600"}}},
        {"# ends in a backslash \\\na=1", {{"a", "1"}}},
        {"sasl.mechanism=PLAIN", {{"sasl.mechanism", "PLAIN"}}},
        {"ssl.endpoint.identification.algorithm=",
         {{"ssl.endpoint.identification.algorithm", "none"}}},
    };

    for (const auto& row : cases) {
        EXPECT_EQ(parse(row.text), row.properties) << row.text;
    }
}

TEST(KafkaProperties, NameTheFileAndTheLineOfAnError) {
    EXPECT_EQ(error_of("a=1\n\nb\n"), "client.properties:3: this is not key=value");
    EXPECT_EQ(error_of("a=1\\\n2\n=x"), "client.properties:3: the key is missing; write key=value");
    EXPECT_EQ(error_of("a=\\u12"), "client.properties:1: \\u must be followed by four hex digits");
    EXPECT_EQ(error_of("a=\\ud800x"), "client.properties:1: \\u names half a surrogate pair");
    EXPECT_EQ(error_of("a=\\ud800\\u0041"), "client.properties:1: \\u names half a surrogate pair");
}

TEST(KafkaProperties, NeverShowTheLineInAnErrorForItMayBeASecret) {
    EXPECT_EQ(error_of("hunter2").find("hunter2"), std::string::npos);
}

TEST(KafkaProperties, SayWhatToUseInsteadOfWhatOnlyJavaUnderstands) {
    EXPECT_EQ(error_of("sasl.jaas.config=PlainLoginModule required password=\"hunter2\";"),
              "client.properties:1: 'sasl.jaas.config' is only for the Java client; use "
              "sasl.username and sasl.password");
    EXPECT_NE(error_of("ssl.truststore.location=/a.jks").find("ssl.ca.location"),
              std::string::npos);
    EXPECT_NE(error_of("ssl.truststore.password=x").find("ssl.ca.location"), std::string::npos);
    EXPECT_NE(error_of("ssl.keystore.location=/a.jks").find("ssl.certificate.location"),
              std::string::npos);
}

TEST(KafkaProperties, OfTheCommandLineAreOneEach) {
    EXPECT_EQ(parse_kafka_property(" a = b=c "), (KafkaProperty{"a", "b=c"}));
    EXPECT_EQ(flag_error_of("hunter2"), "-X: this is not key=value; see caretaker lag properties");
    EXPECT_EQ(flag_error_of("=1"), "-X: the key is missing; write key=value");
    EXPECT_NE(flag_error_of("sasl.jaas.config=x").find("sasl.username"), std::string::npos);
}

TEST(KafkaProperties, OfTheCommandLineMayNotBeSecrets) {
    const auto error = flag_error_of("sasl.password=hunter2");
    EXPECT_NE(error.find("sasl.password"), std::string::npos);
    EXPECT_NE(error.find("properties file"), std::string::npos);
    EXPECT_EQ(error.find("hunter2"), std::string::npos);
    EXPECT_EQ(flag_error_of("ssl.key.location=/etc/key.pem"), "no error");
}

TEST(KafkaProperties, AreMaskedWhereTheyAreSecretsAndOnlyThere) {
    for (const auto* key : {"sasl.password",
                            "ssl.key.password",
                            "ssl.keystore.password",
                            "ssl.key.pem",
                            "sasl.oauthbearer.client.secret",
                            "SASL.Password",
                            "my.token",
                            "sasl.jaas.config"}) {
        EXPECT_TRUE(is_secret_kafka_property(key)) << key;
    }
    for (const auto* key : {"ssl.key.location",
                            "ssl.keystore.location",
                            "sasl.kerberos.keytab",
                            "sasl.oauthbearer.token.endpoint.url",
                            "key.deserializer",
                            "client.id",
                            "bootstrap.servers",
                            "ssl.ca.location",
                            ""}) {
        EXPECT_FALSE(is_secret_kafka_property(key)) << key;
    }
    EXPECT_EQ(format_kafka_property("sasl.password", "hunter2"), "sasl.password=***");
    EXPECT_EQ(format_kafka_property("client.id", "me"), "client.id=me");
}

}  // namespace
}  // namespace caretaker

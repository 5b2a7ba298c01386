// SPDX-License-Identifier: Apache-2.0
// Which literal secrets the settings hold, and what they are taken out of.
#include "common/cli/run_secrets.hpp"

#include "common/base/report.hpp"
#include "common/config/key_table.hpp"
#include "common/config/settings.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Words = std::vector<std::string>;

Words secrets_in(const std::string& path, SettingValue value, const std::string& user = {}) {
    Settings settings;
    settings.set({.path = path, .value = std::move(value)});
    if (!user.empty()) {
        settings.set({.path = path.substr(0, path.rfind('.')) + ".user", .value = user});
    }
    return find_secrets(settings);
}

TEST(SecretsOfSettings, AreNoneWhereNothingIsSecret) {
    EXPECT_EQ(find_secrets(Settings()), Words{});
    EXPECT_EQ(secrets_in("targets.p.mesos.urls", Words{"http://mesos:5050/a@b"}), Words{});
    EXPECT_EQ(secrets_in("targets.p.kafka.properties", TextMap{{"client.id", "x"}}), Words{});
}

TEST(SecretsOfSettings, HoldPasswordsAlsoAsBasicAuthenticationSendsThem) {
    EXPECT_EQ(secrets_in("targets.p.kibana.password", std::string("geheim")), Words{"geheim"});
    EXPECT_EQ(secrets_in("targets.p.kibana.password", std::string("geheim"), "ann"),
              (Words{"geheim", "YW5uOmdlaGVpbQ=="}));
}

/// "targets.p.kibana.password", "kibana.webhook.secret" and so on, of a target "p".
Words secret_paths() {
    Words paths;
    for (const KeySpec& spec : key_table()) {
        if (spec.secret) {
            std::string path(spec.path);
            if (const std::size_t any = path.find('*'); any != std::string::npos) {
                path.replace(any, 1, "p");
            }
            paths.push_back(std::move(path));
        }
    }
    return paths;
}

TEST(SecretsOfSettings, AreFoundUnderEveryKeyThatHoldsOne) {
    const TempDir dir;
    std::ofstream(dir.file("secret")) << "geheim\n";
    ASSERT_GE(secret_paths().size(), 15U);
    for (const std::string& path : secret_paths()) {
        EXPECT_EQ(secrets_in(path, std::string("geheim")), Words{"geheim"}) << path;
        EXPECT_EQ(secrets_in(path + "_file", dir.file("secret")), Words{"geheim"}) << path;
    }
}

TEST(SecretsOfSettings, HoldWhatFilesHold) {
    const TempDir dir;
    std::ofstream(dir.file("token")) << "geheim\n";
    std::ofstream(dir.file("kafka")) << "client.id=x\nsasl.password=geheim\n";
    EXPECT_EQ(secrets_in("targets.p.kibana.token_file", dir.file("token")), Words{"geheim"});
    EXPECT_EQ(secrets_in("targets.p.kafka.properties_file", dir.file("kafka")), Words{"geheim"});
    EXPECT_EQ(secrets_in("targets.p.kibana.token_file", dir.file("absent")), Words{});
    EXPECT_EQ(secrets_in("targets.p.kafka.properties_file", dir.file("absent")), Words{});
}

TEST(SecretsOfSettings, HoldSecretPropertiesAndHeaders) {
    EXPECT_EQ(secrets_in("targets.p.kafka.properties",
                         TextMap{{"sasl.username", "ann"}, {"sasl.password", "geheim"}}),
              Words{"geheim"});
    EXPECT_EQ(secrets_in("targets.p.mesos.headers", TextMap{{"Authorization", "Bearer geheim"}}),
              (Words{"Bearer geheim", "geheim"}));
}

TEST(SecretsOfSettings, HoldPasswordsWithinUrls) {
    EXPECT_EQ(secrets_in("targets.p.mesos.urls", Words{"http://ann:geheim@mesos:5050/"}),
              (Words{"YW5uOmdlaGVpbQ==", "geheim"}));
    EXPECT_EQ(secrets_in("ping.url", std::string("https://geheim@hc/ping")),
              (Words{"Z2VoZWlt", "geheim"}));
}

TEST(RedactReport, TakesSecretsOutOfItsSentences) {
    Report report{.summary = "with geheim"};
    report.problems = {{.code = "x", .message = "said geheim", .subject = "a"}};
    report.findings = {{.code = "y",
                        .subject = "b",
                        .message = "geheim here",
                        .data = {{.key = "seen", .value = "geheim"}}}};
    redact_report(report, Words{"geheim"});
    EXPECT_EQ(report.summary, "with ***");
    EXPECT_EQ(report.problems[0].message, "said ***");
    EXPECT_EQ(report.findings[0].message, "*** here");
    EXPECT_EQ(report.findings[0].data[0].value, "***");
}

}  // namespace
}  // namespace caretaker

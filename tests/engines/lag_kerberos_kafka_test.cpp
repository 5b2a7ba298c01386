// SPDX-License-Identifier: Apache-2.0
// `caretaker lag` against a real broker whose users log in by Kerberos.
#include "tests/engines/caretaker_run.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/kafka_fixture_data.hpp"
#include "tests/engines/kafka_server.hpp"
#include "tests/engines/kerberos_realm.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace caretaker::testing {
namespace {

class LagKerberos : public ::testing::Test {
 protected:
    void SetUp() override {
        try {
            realm_ = std::make_unique<KerberosRealm>();
            broker_ = std::make_unique<KafkaServer>("3.9.2", realm_.get());
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
            return;
        }
        KafkaFixtureData data(broker_->bootstrap_servers());
        data.create_topic("logs", 1);
        data.produce("logs", 0, 10);
        data.commit("billing", {{"logs", 0, 4}});
        data.allow_describe(kerberos_user, RD_KAFKA_RESOURCE_GROUP, "billing");
        data.allow_describe(kerberos_user, RD_KAFKA_RESOURCE_TOPIC, "logs");
        for (const auto& [name, value] : realm_->environment()) {
            home_.set_variable(name, value.value_or(""));
        }
        // kinit is looked for there.
        home_.set_variable("PATH", "/usr/bin:/bin");
    }

    [[nodiscard]] CaretakerRun run(const std::filesystem::path& keys) const {
        const auto properties = folder_.path() / "client.properties";
        std::ofstream(properties) << fmt::format(
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=GSSAPI\n"
            "sasl.kerberos.service.name=kafka\nsasl.kerberos.principal={}\n"
            "sasl.kerberos.keytab={}\n",
            kerberos_user,
            keys.string());
        return home_.run({"lag",
                          "--bootstrap-server",
                          broker_->kerberos_bootstrap_servers(),
                          "--properties",
                          properties.string(),
                          "--group",
                          "billing",
                          "--no-statsd"});
    }

    std::unique_ptr<KerberosRealm> realm_;
    std::unique_ptr<KafkaServer> broker_;
    TempDir folder_;
    CaretakerHome home_;
};

TEST_F(LagKerberos, LogsInByAKeytabAndSaysWhatIsWrongWithAnother) {
    const CaretakerRun right = run(realm_->keys());
    ASSERT_EQ(right.exit_code, 0) << right.err;
    const rapidjson::Document json = right.json();
    const auto rows = json_array(json, "rows");
    ASSERT_EQ(rows.Size(), 1U);
    EXPECT_EQ(json_integer(rows[0], "lag"), 6);

    std::filesystem::remove(realm_->tickets());
    const auto empty = folder_.path() / "empty-keys";
    std::ofstream(empty) << "no keys";
    const CaretakerRun wrong = run(empty);
    EXPECT_EQ(wrong.exit_code, 10) << wrong.err;
    EXPECT_NE(wrong.err.find("kinit"), std::string::npos) << wrong.err;
}

}  // namespace
}  // namespace caretaker::testing

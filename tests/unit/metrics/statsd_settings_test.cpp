// SPDX-License-Identifier: Apache-2.0
// StatsD by settings.
#include "common/metrics/statsd_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/settings.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

Settings settings_with(const std::string& path, SettingValue value) {
    Settings settings;
    settings.set({.path = path, .value = std::move(value)});
    return settings;
}

TEST(StatsdSettings, AreOffAndWithoutTagsByDefault) {
    const StatsdOptions options = statsd_options(Settings(), "lag");
    EXPECT_EQ(options.address, StatsdAddress{});
    EXPECT_EQ(options.job, "lag");
    EXPECT_EQ(options.max_payload, 1'400U);
    EXPECT_FALSE(options.dns_server);
    const StatsdNaming naming =
        statsd_naming(Settings(), {.job = "lag", .target = "prod", .host = "agent-1"});
    EXPECT_EQ(naming.prefix, "caretaker");
    EXPECT_EQ(naming.dialect, StatsdDialect::none);
    EXPECT_EQ(naming.host, "");
    EXPECT_FALSE(naming.dry_run);
}

TEST(StatsdSettings, MarkDryRunsAndHosts) {
    const StatsdNaming naming = statsd_naming(settings_with("statsd.host_segment", true),
                                              {.dry_run = true, .host = "agent-1"});
    EXPECT_TRUE(naming.dry_run);
    EXPECT_EQ(naming.host, "agent-1");
}

TEST(StatsdSettings, TakeADnsServerByAddressOnly) {
    const auto server =
        statsd_options(settings_with("dns.server", std::string("10.0.0.2:53")), "lag").dns_server;
    ASSERT_TRUE(server);
    EXPECT_EQ(format_socket_address(*server), "10.0.0.2:53");
    EXPECT_THROW(statsd_options(settings_with("dns.server", std::string("ns.mesos:53")), "lag"),
                 UsageError);
}

TEST(StatsdSettings, RefuseHistogramsWithoutTheDialectThatHasThem) {
    Settings settings = settings_with("statsd.histograms", true);
    EXPECT_THROW(statsd_options(settings, "lag"), UsageError);
    settings.set({.path = "statsd.dialect", .value = std::string("dogstatsd")});
    EXPECT_TRUE(statsd_naming(settings, {}).histograms);
    EXPECT_EQ(statsd_options(settings, "lag").job, "lag");
}

}  // namespace
}  // namespace caretaker

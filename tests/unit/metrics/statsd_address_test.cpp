// SPDX-License-Identifier: Apache-2.0
// The forms in which the address of a StatsD server is written.
#include "common/metrics/statsd_address.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

TEST(StatsdAddress, ReadsEveryForm) {
    using T = StatsdTransport;

    struct Case {
        std::string text;
        StatsdAddress address;
    };

    const std::vector<Case> cases{
        {"none", {}},
        {"", {}},
        {"statsd.marathon.mesos:8125", {T::udp, "statsd.marathon.mesos", 8125, ""}},
        {"udp://10.0.0.1:1", {T::udp, "10.0.0.1", 1, ""}},
        {"udp://[::1]:65535", {T::udp, "::1", 65535, ""}},
        {"[fe80::1%eth0]:8125", {T::udp, "fe80::1%eth0", 8125, ""}},
        {"tcp://statsd:8125", {T::tcp, "statsd", 8125, ""}},
        {"unixgram:///run/statsd.sock", {T::unix_datagram, "", 0, "/run/statsd.sock"}},
        {"srv://_statsd-logs._udp.marathon.mesos",
         {T::udp, "_statsd-logs._udp.marathon.mesos", 0, "", true}},
        {"srv://_metrics._statsd._tcp.marathon.mesos",
         {T::tcp, "_metrics._statsd._tcp.marathon.mesos", 0, "", true}},
        {"file:///tmp/with blank", {T::file, "", 0, "/tmp/with blank"}},
    };
    for (const auto& [text, address] : cases) {
        EXPECT_EQ(parse_statsd_address(text), address) << text;
    }
}

TEST(StatsdAddress, RefusesEverythingElseWithAReason) {
    struct Case {
        std::string text;
        std::string reason;
    };

    const std::vector<Case> cases{
        {"statsd", "port is missing"},
        {"statsd:", "port must be"},
        {"statsd:0", "port must be"},
        {"statsd:65536", "port must be"},
        {"statsd:-1", "port must be"},
        {"statsd:81x", "port must be"},
        {"statsd: 8125", "port must be"},
        {":8125", "host name is missing"},
        {"a b:8125", "characters"},
        {"user@host:8125", "characters"},
        {"::1:8125", "brackets"},
        {"[::1]", "port is missing"},
        {"[]:8125", "host name is missing"},
        {"udp://", "port is missing"},
        {"udp://host:8125/", "port must be"},
        {"srv://", "name of a service"},
        {"srv://statsd.marathon.mesos", "name of a service"},
        {"srv://_statsd.marathon.mesos", "name of a service"},
        {"srv://_statsd._udp.", "name of a service"},
        {"srv://_statsd._udp.marathon.mesos.", "name of a service"},
        {"srv://_statsd._udp._tcp.mesos", "name of a service"},
        {"srv://_statsd._udp..mesos", "name of a service"},
        {"srv://_statsd._udp." + std::string(250, 'x'), "name of a service"},
        {"srv://_statsd._udp.marathon.mesos:8125", "hold the port"},
        {"srv://_statsd._udp.a b", "characters"},
        {"http://statsd:8125", "'http'"},
        {"UDP://statsd:8125", "'UDP'"},
        {"file://relative", "absolute"},
        {"file:///", "absolute"},
        {"unixgram:///" + std::string(107, 'x'), "107"},
        {std::string("host\0:8125", 10), ""},
    };
    for (const auto& [text, reason] : cases) {
        try {
            parse_statsd_address(text);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const UsageError& error) {
            EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
        }
    }
}

}  // namespace
}  // namespace caretaker

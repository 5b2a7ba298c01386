// SPDX-License-Identifier: Apache-2.0
// The test delivery against servers that take it, refuse it, and are not to be found.
#include "common/metrics/statsd_ping.hpp"

#include "common/base/stop_signal.hpp"
#include "tests/integration/metrics/statsd_receivers.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

StatsdPing ping(const std::string& address, const DnsServer* dns = nullptr) {
    FakeClock clock;
    const StopSignal stop;
    return ping_statsd(
        {.address = parse_statsd_address(address),
         .job = "statsd",
         .dns_server = dns == nullptr ? std::nullopt : parse_ip_and_port(dns->address())},
        {.job = "statsd", .target = "prod"},
        clock,
        stop);
}

TEST(StatsdPing, SendsTheSameLineTwiceAndNamesTheServer) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    const StatsdPing result = ping(fmt::format("127.0.0.1:{}", receiver.port()));
    EXPECT_EQ(result.problem, "");
    EXPECT_EQ(result.sent, 2U);
    EXPECT_EQ(result.addresses, Texts{fmt::format("127.0.0.1:{}", receiver.port())});
    EXPECT_EQ(result.line, "caretaker.statsd.prod.ping:1|c");
    EXPECT_EQ(receiver.take(), (Texts{result.line + '\n', result.line + '\n'}));
}

TEST(StatsdPing, OpensAConnectionForEachLineOverTcp) {
    StreamReceiver receiver(2);
    EXPECT_EQ(ping(fmt::format("tcp://127.0.0.1:{}", receiver.port())).sent, 2U);
    EXPECT_EQ(receiver.text(), "caretaker.statsd.prod.ping:1|c\ncaretaker.statsd.prod.ping:1|c\n");
}

TEST(StatsdPing, SeesTheRefusalOfUdpAndTcp) {
    for (const std::string& address :
         {fmt::format("127.0.0.1:{}", testing::free_udp_port()),
          fmt::format("tcp://127.0.0.1:{}", testing::free_tcp_port())}) {
        const StatsdPing result = ping(address);
        EXPECT_EQ(result.sent, 0U);
        EXPECT_NE(result.problem.find("refused"), std::string::npos) << result.problem;
    }
}

TEST(StatsdPing, FindsAServiceAndSaysWhichServerItIs) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    DnsServer dns;
    dns.add_service("_statsd._udp.mesos", 0, receiver.port(), "agent.mesos");
    dns.add_host("agent.mesos", "127.0.0.1");
    const StatsdPing result = ping("srv://_statsd._udp.mesos", &dns);
    EXPECT_EQ(result.addresses, Texts{fmt::format("127.0.0.1:{}", receiver.port())});
    EXPECT_EQ(result.sent, 2U);
    const StatsdPing missing = ping("srv://_other._udp.mesos", &dns);
    EXPECT_TRUE(missing.addresses.empty());
    EXPECT_NE(missing.problem.find("no such name"), std::string::npos) << missing.problem;
}

}  // namespace
}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// From statsd.address by name or SRV record to the socket where the lines arrive.
#include "common/base/stop_signal.hpp"
#include "common/metrics/statsd_sink.hpp"
#include "tests/integration/metrics/statsd_receivers.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/fake_clock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using std::chrono::milliseconds;

class StatsdDiscovery : public ::testing::Test {
 protected:
    std::unique_ptr<MetricSink> make(const std::string& address,
                                     const std::string& job = "lag",
                                     milliseconds resolve_timeout = milliseconds(2'000)) {
        return make_statsd_sink({.address = parse_statsd_address(address),
                                 .job = job,
                                 .resolve_timeout = resolve_timeout,
                                 .dns_server = parse_ip_and_port(dns_.address())},
                                clock_,
                                stop_);
    }

    FakeClock clock_{};
    StopSignal stop_{};
    DnsServer dns_{};
    std::vector<std::string> line_{"a:1|c"};
};

TEST_F(StatsdDiscovery, FindsTheServerBySrvRecord) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    dns_.add_service("_statsd-logs._udp.marathon.mesos", 0, receiver.port(), "agent.mesos");
    dns_.add_host("agent.mesos", "127.0.0.1");
    EXPECT_EQ(make("srv://_statsd-logs._udp.marathon.mesos")->send(line_),
              (Delivery{.sent = 1, .dropped = 0, .problem = {}}));
    EXPECT_EQ(receiver.take(), std::vector<std::string>{"a:1|c\n"});
}

TEST_F(StatsdDiscovery, SpeaksTcpToAServiceOfTcp) {
    StreamReceiver receiver(1);
    dns_.add_service("_statsd._tcp.marathon.mesos", 0, receiver.port(), "agent.mesos");
    dns_.add_host("agent.mesos", "127.0.0.1");
    EXPECT_EQ(make("srv://_statsd._tcp.marathon.mesos")->send(line_).sent, 1U);
    EXPECT_EQ(receiver.text(), "a:1|c\n");
}

TEST_F(StatsdDiscovery, FindsTheServerByItsMesosName) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    dns_.add_host("statsd.marathon.mesos", "127.0.0.1");
    EXPECT_EQ(make(fmt::format("statsd.marathon.mesos:{}", receiver.port()))->send(line_).sent, 1U);
    EXPECT_EQ(receiver.take().size(), 1U);
}

TEST_F(StatsdDiscovery, DoesNotAskForLocalhostOrAddresses) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    for (const char* host : {"localhost", "127.0.0.1"}) {
        EXPECT_EQ(make(fmt::format("{}:{}", host, receiver.port()))->send(line_).sent, 1U) << host;
    }
    EXPECT_TRUE(dns_.questions().empty());
}

TEST_F(StatsdDiscovery, LetsEachJobStayWithOneOfSeveralServers) {
    std::vector<DatagramReceiver> receivers;
    for (int i = 0; i < 3; ++i) {
        receivers.push_back(DatagramReceiver::udp("127.0.0.1"));
        dns_.add_service("_statsd._udp.mesos", 0, receivers.back().port(), "agent.mesos");
    }
    dns_.add_host("agent.mesos", "127.0.0.1");
    std::map<std::size_t, int> used;
    for (const std::string job : {"lag", "cleanup", "rotate", "kibana", "schedules", "usage"}) {
        make("srv://_statsd._udp.mesos", job)->send(line_);
        make("srv://_statsd._udp.mesos", job)->send(line_);
        int servers = 0;
        for (std::size_t i = 0; i < receivers.size(); ++i) {
            const auto arrived = receivers[i].take().size();
            EXPECT_TRUE(arrived == 0 || arrived == 2) << job;
            servers += arrived > 0 ? 1 : 0;
            used[i] += arrived > 0 ? 1 : 0;
        }
        EXPECT_EQ(servers, 1) << job;
    }
    EXPECT_GT(used.size(), 1U) << "the jobs are spread";
}

TEST_F(StatsdDiscovery, GoesOnToTheNextServerWhenTheChosenOneRefuses) {
    auto receiver = DatagramReceiver::udp("127.0.0.1");
    const auto dead = DatagramReceiver::udp("127.0.0.1").port();
    dns_.add_service("_statsd._udp.mesos", 0, dead, "agent.mesos");
    dns_.add_service("_statsd._udp.mesos", 1, receiver.port(), "agent.mesos");
    dns_.add_host("agent.mesos", "127.0.0.1");
    EXPECT_EQ(make("srv://_statsd._udp.mesos")->send(line_).sent, 1U);
    EXPECT_EQ(receiver.take().size(), 1U);
}

TEST_F(StatsdDiscovery, AsksOnceForTheWholeRunAlsoWhenThereIsNoAnswer) {
    const auto sink = make("srv://_statsd._udp.mesos");
    const Delivery first = sink->send(line_);
    EXPECT_EQ(first.dropped, 1U);
    EXPECT_NE(
        first.problem.find("srv://_statsd._udp.mesos: looking up _statsd._udp.mesos: no such"),
        std::string::npos)
        << first.problem;
    EXPECT_EQ(sink->send(line_), first);
    EXPECT_EQ(dns_.questions().size(), 1U);
}

TEST_F(StatsdDiscovery, SaysThatTheDnsServerFails) {
    dns_.set_conduct(DnsConduct::failing);
    const Delivery delivery = make("statsd.marathon.mesos:8125")->send(line_);
    EXPECT_EQ(delivery.dropped, 1U);
    EXPECT_NE(delivery.problem.find("failed"), std::string::npos) << delivery.problem;
}

TEST_F(StatsdDiscovery, DoesNotWaitForASilentDnsServerLongerThanItMay) {
    dns_.set_conduct(DnsConduct::silent);
    const Delivery delivery =
        make("srv://_statsd._udp.mesos", "lag", milliseconds(50))->send(line_);
    EXPECT_EQ(delivery.dropped, 1U);
    EXPECT_NE(delivery.problem.find("no answer in time"), std::string::npos) << delivery.problem;
}

/// The resolver itself would go on for 2 s and then say that the server failed.
TEST_F(StatsdDiscovery, LeavesASilentDnsServerSoonAfterAStop) {
    dns_.set_conduct(DnsConduct::silent);
    stop_.request(SIGTERM);
    const Delivery delivery = make("srv://_statsd._udp.mesos")->send(line_);
    EXPECT_EQ(delivery.dropped, 1U);
    EXPECT_NE(delivery.problem.find("no answer in time"), std::string::npos) << delivery.problem;
}

}  // namespace
}  // namespace caretaker

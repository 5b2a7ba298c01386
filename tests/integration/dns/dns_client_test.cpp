// SPDX-License-Identifier: Apache-2.0
// The resolver of libc against a DNS server in this process, which also fails.
#include "common/dns/dns_client.hpp"

#include "common/dns/dns_lookup.hpp"
#include "tests/support/dns_server.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* service = "_statsd-logs._udp.marathon.mesos";

DnsQuery query_at(const std::string& address) {
    return dns_query(parse_ip_and_port(address));
}

Texts texts_of(const Resolved& resolved) {
    Texts texts;
    for (const SocketAddress& address : resolved.addresses) {
        texts.push_back(format_socket_address(address));
    }
    return texts;
}

TEST(DnsClient, ReadsServicesAndAsksForTheirHosts) {
    DnsServer server;
    server.add_service(service, 0, 31'005, "statsd-logs-x1.marathon.slave.mesos");
    server.add_host("statsd-logs-x1.marathon.slave.mesos", "10.0.0.7");
    const auto query = query_at(server.address());

    const DnsAnswer answer = query(service, DnsType::srv);
    EXPECT_EQ(answer.status, DnsStatus::found);
    EXPECT_EQ(answer.services,
              (std::vector<ServiceRecord>{{.priority = 0,
                                           .weight = 1,
                                           .port = 31'005,
                                           .target = "statsd-logs-x1.marathon.slave.mesos"}}));
    EXPECT_TRUE(answer.extra_hosts.empty());
    EXPECT_EQ(texts_of(look_up_service(service, 0, query)), Texts{"10.0.0.7:31005"});
    EXPECT_EQ(server.questions().back().name, "statsd-logs-x1.marathon.slave.mesos");
}

TEST(DnsClient, ReadsTheAdditionalSection) {
    DnsServer server;
    server.send_extra_hosts();
    server.add_service(service, 0, 31'005, "T.mesos");
    server.add_host("t.mesos", "10.0.0.7");
    server.add_host("t.mesos", "fd00::7");
    EXPECT_EQ(texts_of(look_up_service(service, 0, query_at(server.address()))),
              (Texts{"10.0.0.7:31005", "[fd00::7]:31005"}));
    EXPECT_EQ(server.questions().size(), 1U);
}

TEST(DnsClient, FetchesATruncatedAnswerOverTcp) {
    DnsServer server;
    server.send_extra_hosts();
    for (int i = 0; i < 60; ++i) {
        const std::string target = fmt::format("statsd-logs-{:02}.marathon.slave.mesos", i);
        server.add_service(service, 0, static_cast<std::uint16_t>(31'000 + i), target);
        server.add_host(target, fmt::format("10.0.0.{}", i + 1));
    }
    const DnsAnswer answer = query_at(server.address())(service, DnsType::srv);
    EXPECT_EQ(answer.status, DnsStatus::found);
    EXPECT_EQ(answer.services.size(), 60U);
    EXPECT_EQ(answer.extra_hosts.size(), 60U);
    ASSERT_EQ(server.questions().size(), 2U);
    EXPECT_FALSE(server.questions().front().over_tcp);
    EXPECT_TRUE(server.questions().back().over_tcp);
}

TEST(DnsClient, ReadsAnAnswerOfManyKilobytes) {
    DnsServer server;
    for (int i = 0; i < 400; ++i) {
        server.add_service(service, 0, 31'000, fmt::format("task-{:03}.marathon.slave.mesos", i));
    }
    EXPECT_EQ(query_at(server.address())(service, DnsType::srv).services.size(), 400U);
}

TEST(DnsClient, ReadsAddressesOfBothFamiliesAndBehindAnAlias) {
    DnsServer server;
    server.add_host("statsd.marathon.mesos", "10.0.0.7");
    server.add_host("six.marathon.mesos", "fd00::7");
    server.add_alias("alias.mesos", "statsd.marathon.mesos");
    const auto query = query_at(server.address());
    EXPECT_EQ(texts_of(look_up_host("statsd.marathon.mesos", 8125, query)), Texts{"10.0.0.7:8125"});
    EXPECT_EQ(texts_of(look_up_host("Statsd.Marathon.Mesos", 8125, query)), Texts{"10.0.0.7:8125"});
    EXPECT_EQ(texts_of(look_up_host("six.marathon.mesos", 8125, query)), Texts{"[fd00::7]:8125"});
    EXPECT_EQ(texts_of(look_up_host("alias.mesos", 8125, query)), Texts{"10.0.0.7:8125"});
}

TEST(DnsClient, TellsAMissingNameFromAMissingRecord) {
    DnsServer server;
    server.add_host("statsd.marathon.mesos", "10.0.0.7");
    const auto query = query_at(server.address());
    EXPECT_EQ(query("nothing.mesos", DnsType::a).status, DnsStatus::no_such_name);
    EXPECT_EQ(query("statsd.marathon.mesos", DnsType::srv).status, DnsStatus::no_data);
}

TEST(DnsClient, FailsWhereTheServerFails) {
    DnsServer server;
    server.add_host("statsd.marathon.mesos", "10.0.0.7");
    server.set_conduct(DnsConduct::failing);
    EXPECT_EQ(query_at(server.address())("statsd.marathon.mesos", DnsType::a).status,
              DnsStatus::failed);
}

TEST(DnsClient, DoesNotTakeABrokenAnswer) {
    DnsServer server;
    server.add_host("statsd.marathon.mesos", "10.0.0.7");
    server.set_conduct(DnsConduct::broken);
    EXPECT_EQ(query_at(server.address())("statsd.marathon.mesos", DnsType::a).status,
              DnsStatus::garbled);
}

TEST(DnsClient, GivesUpASilentServerAfterTwoTries) {
    DnsServer server;
    server.set_conduct(DnsConduct::silent);
    EXPECT_EQ(query_at(server.address())(service, DnsType::srv).status, DnsStatus::failed);
    EXPECT_EQ(server.questions().size(), 2U);
}

TEST(DnsClient, DoesNotTakeTheAnswerToAnotherQuestion) {
    DnsServer server;
    server.add_host("statsd.marathon.mesos", "10.0.0.7");
    server.set_conduct(DnsConduct::other_host);
    EXPECT_EQ(query_at(server.address())("statsd.marathon.mesos", DnsType::a).status,
              DnsStatus::failed);
}

TEST(DnsClient, FailsAtAPortWhereNobodyListens) {
    const std::string nobody = fmt::format("127.0.0.1:{}", testing::free_udp_port());
    EXPECT_EQ(query_at(nobody)("statsd.marathon.mesos", DnsType::a).status, DnsStatus::failed);
}

TEST(DnsClient, AsksAServerOverIpv6) {
    std::unique_ptr<DnsServer> server;
    try {
        server = std::make_unique<DnsServer>("::1");
    } catch (const std::system_error&) {
        GTEST_SKIP() << "this machine has no IPv6";
    }
    server->add_host("statsd.marathon.mesos", "10.0.0.7");
    EXPECT_EQ(texts_of(look_up_host("statsd.marathon.mesos", 8125, query_at(server->address()))),
              Texts{"10.0.0.7:8125"});
}

TEST(DnsClient, RefusesANameThatIsNone) {
    DnsServer server;
    const auto query = query_at(server.address());
    for (const std::string& name : {std::string(), std::string(64, 'x'), std::string("a..b")}) {
        EXPECT_NE(query(name, DnsType::a).status, DnsStatus::found) << name;
    }
}

}  // namespace
}  // namespace caretaker

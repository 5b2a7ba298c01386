// SPDX-License-Identifier: Apache-2.0
// Which records are used, in which order, and what is asked for.
#include "common/dns/dns_lookup.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

std::string text_of(const ServiceRecord& record) {
    return fmt::format("{} {}:{}", record.priority, record.target, record.port);
}

Texts order(const std::vector<ServiceRecord>& records, std::uint64_t choice) {
    Texts texts;
    for (const ServiceRecord& record : order_services(records, choice)) {
        texts.push_back(text_of(record));
    }
    return texts;
}

Texts texts_of(const Resolved& resolved) {
    Texts texts;
    for (const SocketAddress& address : resolved.addresses) {
        texts.push_back(format_socket_address(address));
    }
    return texts;
}

HostRecord host(const std::string& name, const std::string& address) {
    return {.name = name, .address = *parse_ip_and_port(address + ":1")};
}

/// Answers by "name type", and remembers what was asked.
struct Answers {
    std::map<std::string, DnsAnswer> by_question{};
    Texts asked{};

    DnsQuery query() {
        return [this](const std::string& name, DnsType type) {
            const std::string question = name + (type == DnsType::a      ? " A"
                                                 : type == DnsType::aaaa ? " AAAA"
                                                                         : " SRV");
            asked.push_back(question);
            const auto found = by_question.find(question);
            return found == by_question.end() ? DnsAnswer{.status = DnsStatus::no_such_name}
                                              : found->second;
        };
    }
};

TEST(ServiceOrder, IsTheSameHoweverTheAnswerWasShuffled) {
    const std::vector<ServiceRecord> records{
        {0, 1, 31'000, "a"}, {0, 1, 31'001, "a"}, {0, 1, 31'000, "b"}, {0, 1, 31'000, "c"}};
    for (const std::uint64_t choice : {0U, 1U, 2U, 3U, 17U}) {
        const Texts first = order(records, choice);
        std::vector<std::size_t> places{0, 1, 2, 3};
        while (std::ranges::next_permutation(places).found) {
            std::vector<ServiceRecord> shuffled;
            std::ranges::transform(places, std::back_inserter(shuffled), [&](std::size_t place) {
                return records[place];
            });
            ASSERT_EQ(order(shuffled, choice), first);
        }
    }
}

TEST(ServiceOrder, LetsEachChoiceBeginElsewhereAndLosesNone) {
    const std::vector<ServiceRecord> records{{0, 1, 1, "a"}, {0, 1, 1, "b"}, {0, 1, 1, "c"}};
    EXPECT_EQ(order(records, 0), (Texts{"0 a:1", "0 b:1", "0 c:1"}));
    EXPECT_EQ(order(records, 4), (Texts{"0 b:1", "0 c:1", "0 a:1"}));
    EXPECT_EQ(order(records, 2), (Texts{"0 c:1", "0 a:1", "0 b:1"}));
}

TEST(ServiceOrder, PutsThePriorityBeforeTheChoice) {
    const std::vector<ServiceRecord> records{
        {20, 1, 1, "a"}, {10, 1, 1, "b"}, {10, 1, 1, "c"}, {20, 1, 1, "d"}};
    EXPECT_EQ(order(records, 1), (Texts{"10 c:1", "10 b:1", "20 d:1", "20 a:1"}));
}

TEST(ServiceOrder, LeavesOutWhatIsNotOfferedAndWhatComesTwice) {
    EXPECT_EQ(order({{0, 1, 0, ""}}, 3), Texts{});
    EXPECT_EQ(order({}, 3), Texts{});
    EXPECT_EQ(order({{0, 1, 5, "a"}, {0, 9, 5, "a"}}, 1), Texts{"0 a:5"});
}

TEST(ServiceLookup, UsesTheAddressesThatCameWithTheAnswer) {
    Answers answers;
    answers.by_question["_s._udp.x SRV"] = {
        .status = DnsStatus::found,
        .services = {{0, 1, 31'005, "t.x"}},
        .extra_hosts = {host("t.x", "10.0.0.9"), host("t.x", "10.0.0.8"), host("u.x", "10.0.0.1")}};
    const Resolved found = look_up_service("_s._udp.x", 0, answers.query());
    EXPECT_EQ(texts_of(found), (Texts{"10.0.0.8:31005", "10.0.0.9:31005"}));
    EXPECT_EQ(answers.asked, Texts{"_s._udp.x SRV"});
}

TEST(ServiceLookup, AsksForAddressesThatDidNotComeAndSkipsHostsWithoutAny) {
    Answers answers;
    answers.by_question["_s._udp.x SRV"] = {.status = DnsStatus::found,
                                            .services = {{0, 1, 1, "gone.x"}, {0, 1, 2, "here.x"}}};
    answers.by_question["here.x A"] = {.status = DnsStatus::found,
                                       .hosts = {host("here.x", "10.0.0.9")}};
    const Resolved found = look_up_service("_s._udp.x", 0, answers.query());
    EXPECT_EQ(texts_of(found), Texts{"10.0.0.9:2"});
    EXPECT_EQ(found.problem, "");
    EXPECT_EQ(answers.asked, (Texts{"_s._udp.x SRV", "gone.x A", "here.x A"}));
}

TEST(ServiceLookup, AsksForThreeHostsAtMost) {
    Answers answers;
    DnsAnswer services{.status = DnsStatus::found};
    for (int i = 0; i < 60; ++i) {
        const std::string name = fmt::format("h{:02}.x", i);
        services.services.push_back({0, 1, 7, name});
        answers.by_question[name + " A"] = {.status = DnsStatus::found,
                                            .hosts = {host(name, fmt::format("10.0.0.{}", i + 1))}};
    }
    answers.by_question["_s._udp.x SRV"] = services;
    EXPECT_EQ(texts_of(look_up_service("_s._udp.x", 58, answers.query())),
              (Texts{"10.0.0.59:7", "10.0.0.60:7", "10.0.0.1:7"}));
    EXPECT_EQ(answers.asked.size(), 4U);
}

TEST(ServiceLookup, SaysWhyThereIsNothing) {
    const auto problem = [](const DnsAnswer& answer) {
        Answers answers;
        answers.by_question["_s._udp.x SRV"] = answer;
        const Resolved found = look_up_service("_s._udp.x", 0, answers.query());
        EXPECT_TRUE(found.addresses.empty());
        return found.problem;
    };
    EXPECT_EQ(problem({.status = DnsStatus::no_such_name}), "looking up _s._udp.x: no such name");
    EXPECT_EQ(problem({.status = DnsStatus::no_data}),
              "looking up _s._udp.x: the name has no SRV record");
    EXPECT_EQ(problem({.status = DnsStatus::failed}),
              "looking up _s._udp.x: the DNS server failed or gave no answer");
    EXPECT_EQ(problem({.status = DnsStatus::garbled}),
              "looking up _s._udp.x: the DNS server's answer cannot be read");
    EXPECT_EQ(problem({.status = DnsStatus::found, .services = {{0, 0, 0, ""}}}),
              "looking up _s._udp.x: the service is not offered");
    EXPECT_EQ(problem({.status = DnsStatus::found, .services = {{0, 0, 1, "gone.x"}}}),
              "looking up gone.x: no such name");
}

TEST(HostLookup, AsksForIpv6OnlyWhereThereIsNoIpv4) {
    Answers answers;
    answers.by_question["four A"] = {.status = DnsStatus::found,
                                     .hosts = {host("four", "10.0.0.2"), host("x", "10.0.0.1")}};
    answers.by_question["six A"] = {.status = DnsStatus::no_data};
    answers.by_question["six AAAA"] = {.status = DnsStatus::found, .hosts = {host("six", "[::1]")}};
    answers.by_question["none A"] = {.status = DnsStatus::no_data};
    answers.by_question["none AAAA"] = {.status = DnsStatus::no_data};
    EXPECT_EQ(texts_of(look_up_host("four", 8125, answers.query())),
              (Texts{"10.0.0.1:8125", "10.0.0.2:8125"}));
    EXPECT_EQ(texts_of(look_up_host("six", 8125, answers.query())), Texts{"[::1]:8125"});
    EXPECT_EQ(look_up_host("none", 8125, answers.query()).problem,
              "looking up none: the name has no address");
    EXPECT_EQ(look_up_host("gone", 8125, answers.query()).problem, "looking up gone: no such name");
    EXPECT_EQ(answers.asked,
              (Texts{"four A", "six A", "six AAAA", "none A", "none AAAA", "gone A"}));
}

}  // namespace
}  // namespace caretaker

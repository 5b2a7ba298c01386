// SPDX-License-Identifier: Apache-2.0
// Events of a master, right and wrong.
#include "common/clients/mesos_event.hpp"

#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {
namespace {

TEST(MesosEvent, ReadsWhatMastersSend) {
    const MesosEvent subscribed = read_mesos_event(
        R"({"subscribed":{"framework_id":{"value":"F1"},"heartbeat_interval_seconds":15.0},)"
        R"("type":"SUBSCRIBED"})");
    EXPECT_EQ(subscribed.type, MesosEventType::subscribed);
    EXPECT_EQ(subscribed.framework_id, "F1");
    EXPECT_EQ(read_mesos_event(R"({"type":"HEARTBEAT"})").type, MesosEventType::heartbeat);
    const MesosEvent rescind =
        read_mesos_event(R"({"type":"RESCIND","rescind":{"offer_id":{"value":"O7"}}})");
    EXPECT_EQ(rescind.type, MesosEventType::rescind);
    EXPECT_EQ(rescind.rescinded_offer_id, "O7");
    const MesosEvent error =
        read_mesos_event(R"({"type":"ERROR","error":{"message":"Framework has been removed"}})");
    EXPECT_EQ(error.type, MesosEventType::error);
    EXPECT_EQ(error.message, "Framework has been removed");
    EXPECT_EQ(read_mesos_event(R"({"type":"ERROR","message":"as documented"})").message,
              "as documented");
    EXPECT_EQ(read_mesos_event(R"({"type":"INVERSE_OFFERS","inverse_offers":{}})").type,
              MesosEventType::other);
}

TEST(MesosEvent, ReadsOffersWithRolesAndReservations) {
    const MesosEvent event = read_mesos_event(
        R"({"type":"OFFERS","offers":{"offers":[{"id":{"value":"O1"},"framework_id":{"value":"F"},)"
        R"("agent_id":{"value":"S1"},"hostname":"h1","allocation_info":{"role":"logs"},)"
        R"("resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":2.5},)"
        R"("allocation_info":{"role":"logs"},"reservations":[{"type":"STATIC","role":"logs"}]},)"
        R"({"name":"ports","type":"RANGES","ranges":{"range":[{"begin":31000,"end":31001}]}}]},)"
        R"({"id":{"value":"O2"},"agent_id":{"value":"S2"},"resources":[]}]}})");
    ASSERT_EQ(event.type, MesosEventType::offers);
    ASSERT_EQ(event.offers.size(), 2U);
    const MesosOffer& offer = event.offers.front();
    EXPECT_EQ(offer.id, "O1");
    EXPECT_EQ(offer.agent_id, "S1");
    EXPECT_EQ(offer.hostname, "h1");
    EXPECT_EQ(offer.role, "logs");
    ASSERT_EQ(offer.resources.size(), 2U);
    EXPECT_EQ(offer.resources[0].amount, 2500);
    EXPECT_EQ(offer.resources[0].reservations.front().role, "logs");
    EXPECT_EQ(offer.resources[1].ranges.text(), "[31000-31001]");
    EXPECT_EQ(event.offers[1].role, "");
}

TEST(MesosEvent, TakesAnEventWithoutTheInnerListForEmpty) {
    for (const std::string_view record : {R"({"type":"OFFERS","offers":{}})",
                                          R"({"type":"OFFERS","offers":{"inverse_offers":[{}]}})",
                                          R"({"type":"OFFERS"})"}) {
        const MesosEvent event = read_mesos_event(record);
        EXPECT_EQ(event.type, MesosEventType::offers);
        EXPECT_TRUE(event.offers.empty() && event.unread.empty()) << record;
    }
}

TEST(MesosEvent, KeepsTheOthersWhereOneOfferCannotBeRead) {
    const MesosEvent event = read_mesos_event(
        R"({"type":"OFFERS","offers":{"offers":[{"id":{"value":"O1"}},{"id":{"value":7}},3,)"
        R"({"id":{"value":"O2"},"agent_id":{"value":"S"},)"
        R"("resources":[{"name":"cpus","type":"SCALAR","scalar":{"value":-1}}]},)"
        R"({"id":{"value":"O3"},"agent_id":{"value":"S"},"resources":[]}]}})");
    ASSERT_EQ(event.offers.size(), 1U);
    EXPECT_EQ(event.offers.front().id, "O3");
    EXPECT_EQ(event.unread, (std::vector<std::string>{"O1", "", "", "O2"}));
}

TEST(MesosEvent, RefusesWhatIsNone) {
    for (const std::string_view record : {"",
                                          "{}",
                                          "[]",
                                          "null",
                                          "{",
                                          R"({"type":7})",
                                          R"({"type":"HEARTBEAT"}x)",
                                          R"({"type":"SUBSCRIBED","subscribed":7})",
                                          R"({"type":"RESCIND","rescind":{"offer_id":"O"}})"}) {
        EXPECT_THROW(read_mesos_event(record), JsonError) << record;
    }
}

}  // namespace
}  // namespace caretaker

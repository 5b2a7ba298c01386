// SPDX-License-Identifier: Apache-2.0
// Agents in the forms of Mesos 0.22 to 1.12.
#include "common/clients/mesos_agent.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

template <typename Read>
auto read(const std::string& text, Read read_value) {
    const JsonDocument document = JsonDocument::parse(text, "test");
    return read_value(document.root());
}

MesosAgent agent(const std::string& text) {
    return read(text, read_mesos_agent);
}

MesosResource resource(const std::string& text) {
    return read(text, read_mesos_resource);
}

std::string attribute(const std::string& json) {
    return read(json, format_attribute);
}

TEST(MesosResource, HasNoReservationWithoutRoleOrWithAStar) {
    EXPECT_TRUE(resource(R"({"name":"cpus","scalar":{"value":1}})").reservations.empty());
    EXPECT_TRUE(
        resource(R"({"name":"cpus","role":"*","scalar":{"value":1}})").reservations.empty());
}

TEST(MesosResource, HasOneReservationInTheFormBeforeRefinement) {
    const MesosResource fixed = resource(R"({"name":"cpus","role":"logs","scalar":{"value":1.5}})");
    ASSERT_EQ(fixed.reservations.size(), 1U);
    EXPECT_EQ(fixed.reservations[0].role, "logs");
    EXPECT_FALSE(fixed.reservations[0].is_dynamic);
    EXPECT_EQ(fixed.amount, 1'500);
    const MesosResource dynamic =
        resource(R"({"name":"mem","role":"logs","reservation":{"principal":"p",)"
                 R"("labels":{"labels":[{"key":"k","value":"v"}]}},"scalar":{"value":1}})");
    ASSERT_EQ(dynamic.reservations.size(), 1U);
    EXPECT_TRUE(dynamic.reservations[0].is_dynamic);
    EXPECT_EQ(dynamic.reservations[0].principal, "p");
    EXPECT_EQ(dynamic.reservations[0].labels.at(0).second, "v");
}

TEST(MesosResource, TakesTheListOfReservationsBeforeTheRole) {
    const MesosResource refined =
        resource(R"({"name":"cpus","role":"x","reservations":[{"type":"STATIC","role":"logs"},)"
                 R"({"type":"DYNAMIC","role":"logs/es"}],"scalar":{"value":1}})");
    ASSERT_EQ(refined.reservations.size(), 2U);
    EXPECT_EQ(refined.reservations[1].role, "logs/es");
    EXPECT_FALSE(refined.reservations[0].is_dynamic);
    EXPECT_TRUE(refined.reservations[1].is_dynamic);
}

TEST(MesosResource, KnowsKindsOfDisksAndVolumes) {
    const MesosResource path =
        resource(R"({"name":"disk","disk":{"source":{"type":"PATH","path":{"root":"/a"}}},)"
                 R"("scalar":{"value":1}})");
    EXPECT_EQ(path.disk, DiskKind::path);
    EXPECT_EQ(path.disk_root, "/a");
    const MesosResource volume =
        resource(R"({"name":"disk","disk":{"persistence":{"id":"v1"}},"shared":{},"revocable":{},)"
                 R"("provider_id":{"value":"p"},"scalar":{"value":1}})");
    EXPECT_EQ(volume.disk, DiskKind::root);
    EXPECT_EQ(volume.volume, "v1");
    EXPECT_TRUE(volume.is_shared);
    EXPECT_TRUE(volume.is_revocable);
    EXPECT_EQ(volume.provider, "p");
}

TEST(MesosResource, CountsMembersOfSetsAndRanges) {
    EXPECT_EQ(resource(R"({"name":"x","set":{"item":["a","b"]}})").amount, 2'000);
    EXPECT_EQ(resource(R"({"name":"x","ranges":{"range":[{"begin":1,"end":3}]}})").amount, 3'000);
    EXPECT_EQ(
        resource(R"({"name":"ports","ranges":{"range":[{"begin":2,"end":3}]}})").ranges.text(),
        "[2-3]");
}

class WrongResource : public testing::TestWithParam<const char*> {};

TEST_P(WrongResource, IsAnErrorOfItsShape) {
    try {
        resource(GetParam());
        FAIL() << GetParam();
    } catch (const JsonError& error) {
        EXPECT_EQ(error.fault(), JsonFault::shape) << GetParam();
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes,
    WrongResource,
    testing::Values(R"({})",
                    R"({"name":1})",
                    R"({"name":"cpus","scalar":{}})",
                    R"({"name":"cpus","scalar":{"value":"1"}})",
                    R"({"name":"cpus","scalar":{"value":-1}})",
                    R"({"name":"cpus","scalar":{"value":1e300}})",
                    R"({"name":"ports","ranges":{"range":[{"begin":3,"end":1}]}})",
                    R"({"name":"ports","ranges":{"range":[{"begin":1,"end":65536}]}})",
                    R"({"name":"ports","ranges":{"range":[{"begin":-1,"end":1}]}})",
                    R"({"name":"x","ranges":{"range":[{"begin":3,"end":1}]}})"));

TEST(MesosSums, LeaveOutWhatIsNoScalarButPorts) {
    const MesosSums sums = read(
        R"({"cpus":0.30000000000000004,"mem":1,"cpus_revocable":2,"zones":"{a}","ports":"[1-2]"})",
        read_mesos_sums);
    EXPECT_EQ(sums.amount("cpus"), 300);
    EXPECT_EQ(sums.amount("cpus_revocable"), 2'000);
    EXPECT_EQ(sums.amount("gpus"), 0);
    EXPECT_EQ(sums.ports.count(), 2);
}

TEST(MesosSums, TakeResiduesOfSubtractionForNothing) {
    EXPECT_EQ(read(R"({"cpus":-1.18e-12})", read_mesos_sums).amount("cpus"), 0);
    EXPECT_THROW(read(R"({"cpus":-0.02})", read_mesos_sums), JsonError);
    EXPECT_THROW(read(R"({"ports":"31000"})", read_mesos_sums), JsonError);
}

struct AttributeCase {
    const char* json;
    const char* text;
};

class Attribute : public testing::TestWithParam<AttributeCase> {};

TEST_P(Attribute, IsTheTextThatMarathonCompares) {
    EXPECT_EQ(attribute(GetParam().json), GetParam().text) << GetParam().json;
}

INSTANTIATE_TEST_SUITE_P(Forms,
                         Attribute,
                         testing::Values(AttributeCase{R"("r1")", "r1"},
                                         AttributeCase{"0.8", "0.8"},
                                         AttributeCase{"3.0", "3"},
                                         AttributeCase{"1.0005", "1"},
                                         AttributeCase{"1.1005", "1.101"},
                                         AttributeCase{"-0.0001", "0"},
                                         AttributeCase{"1234567", "1234567"},
                                         AttributeCase{R"("[7-9, 1-3]")", "[1-3,7-9]"},
                                         AttributeCase{R"("[1-x]")", "[1-x]"},
                                         AttributeCase{R"("{b, a}")", "{a,b}"},
                                         AttributeCase{R"("")", ""},
                                         AttributeCase{R"("{")", "{"},
                                         AttributeCase{R"("[]")", "[]"}));

TEST(MesosAgent, IsReadWithSumsAlone) {
    const MesosAgent old =
        agent(R"({"id":"S0","hostname":"h","pid":"slave(1)@10.0.0.7:5051","registered_time":2.5,)"
              R"("attributes":{"a":"x","a":"y"},"resources":{"cpus":4}})");
    EXPECT_EQ(old.address, "10.0.0.7");
    EXPECT_EQ(old.registered_ms, 2'500);
    EXPECT_TRUE(old.is_active);
    EXPECT_FALSE(old.is_detailed);
    EXPECT_FALSE(old.used_sum);
    ASSERT_EQ(old.attributes.size(), 1U);
    EXPECT_EQ(old.attributes[0].second, "x") << "the first of two counts";
    EXPECT_EQ(old.sum.amount("cpus"), 4'000);
}

TEST(MesosAgent, IsReadInDetail) {
    const MesosAgent full = agent(
        R"({"id":"S0","hostname":"h","active":false,"deactivated":true,)"
        R"("drain_info":{"state":"DRAINING"},"domain":{"fault_domain":{"region":{"name":"r"},)"
        R"("zone":{"name":"z"}}},"reregistered_time":9,)"
        R"("unreserved_resources_full":[{"name":"cpus","scalar":{"value":4}}],)"
        R"("reserved_resources_full":{"logs":[{"name":"cpus","role":"logs",)"
        R"("scalar":{"value":2}}]},"used_resources_full":[],"offered_resources_full":null})");
    EXPECT_TRUE(full.is_detailed);
    ASSERT_EQ(full.total.size(), 2U);
    EXPECT_EQ(full.total[1].reservations.at(0).role, "logs");
    EXPECT_EQ(full.region, "r");
    EXPECT_EQ(full.zone, "z");
    EXPECT_EQ(full.drain_state, "DRAINING");
    EXPECT_EQ(full.registered_ms, 9'000);
    EXPECT_FALSE(full.is_active);
}

TEST(MesosAgent, IsReadFromTheOperatorApi) {
    const MesosAgent agent = read(
        R"({"active":true,"pid":"slave(1)@[::1]:5051","registered_time":{"nanoseconds":5000000},)"
        R"("agent_info":{"id":{"value":"S1"},"hostname":"h","attributes":[)"
        R"({"name":"l","type":"SCALAR","scalar":{"value":10}},)"
        R"({"name":"t","type":"TEXT","text":{"value":"v"}},)"
        R"({"name":"r","type":"RANGES","ranges":{"range":[{"begin":7,"end":9},{"begin":1,"end":3}]}},)"
        R"({"name":"s","type":"SET","set":{"item":["b","a"]}}]},)"
        R"("total_resources":[{"name":"cpus","scalar":{"value":4}}]})",
        read_mesos_v1_agent);
    EXPECT_EQ(agent.id, "S1");
    EXPECT_EQ(agent.address, "[::1]");
    EXPECT_EQ(agent.registered_ms, 5);
    const MesosAttributes wanted{{"l", "10"}, {"t", "v"}, {"r", "[1-3,7-9]"}, {"s", "{a,b}"}};
    EXPECT_EQ(agent.attributes, wanted);
    EXPECT_EQ(agent.total.size(), 1U);
    EXPECT_TRUE(agent.used.empty());
}

TEST(MesosAgent, WithoutIdOrHostnameIsAnError) {
    EXPECT_THROW(agent(R"({"hostname":"h"})"), JsonError);
    EXPECT_THROW(agent(R"({"id":"S0"})"), JsonError);
    EXPECT_THROW(agent(R"({"id":"S0","hostname":"h","active":"yes"})"), JsonError);
    EXPECT_THROW(agent("[]"), JsonError);
}

}  // namespace
}  // namespace caretaker

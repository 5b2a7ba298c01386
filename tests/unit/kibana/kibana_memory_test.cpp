// SPDX-License-Identifier: Apache-2.0
// What the store keeps of Kibanas, as text and over a real store.
#include "jobs/kibana/kibana_memory.hpp"

#include "common/http/hmac_sha256.hpp"
#include "common/json/json_error.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "jobs/kibana/event_outbox.hpp"
#include "jobs/kibana/signal_memory.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace caretaker {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr WallTime now{std::chrono::hours(500'000)};

TEST(KibanaMemory, KeepsAStateAsText) {
    KibanaState state{.last_activity = now,
                      .activity_source = "proxy",
                      .notice_at = now - days(1),
                      .notice_of = now - days(7),
                      .suspended_at = now - days(2),
                      .saved_instances = 3,
                      .resumed_at = now - days(3),
                      .destroy_notice_at = now - days(4),
                      .protected_until = now + days(5),
                      .saved_version = "2026-01-01T00:00:00.000Z",
                      .gone_at = now - days(6)};
    EXPECT_EQ(decode_kibana_state(encode_kibana_state(state), "/a"), state);
    EXPECT_EQ(decode_kibana_state(encode_kibana_state({}), "/a"), KibanaState());
    EXPECT_THROW(decode_kibana_state("{}", "/a"), JsonError);
    EXPECT_THROW(decode_kibana_state("", "/a"), JsonError);
}

TEST(KibanaMemory, KeepsOnlyTheNewestStretches) {
    StatusMemory memory;
    KibanaSignal signal{.name = "ops"};
    for (int i = 0; i < 100; ++i) {
        signal.watched_of["/a"].add({now + milliseconds(i * 10), now + milliseconds(i * 10 + 5)});
    }
    add_status_spans(memory, signal);
    EXPECT_EQ(memory["/a"].all().size(), 64U);
    EXPECT_EQ(memory["/a"].end(), now + milliseconds(995));
    EXPECT_EQ(decode_status_memory(encode_status_memory(memory))["/a"].all(), memory["/a"].all());
    EXPECT_THROW(decode_status_memory(R"({"/a":[1]})"), JsonError);
}

TEST(SavedObjectsMemory, TellsGrowthFromAFirstAndFromASmallerNumber) {
    SavedObjectsMemory memory;
    EXPECT_FALSE(note_index_total(memory, "/a", 40));
    EXPECT_FALSE(note_index_total(memory, "/a", 40));
    EXPECT_TRUE(note_index_total(memory, "/a", 41));
    EXPECT_FALSE(note_index_total(memory, "/a", 3));
    EXPECT_TRUE(note_index_total(memory, "/a", 4));
    EXPECT_FALSE(note_index_total(memory, "/b", 9));
    EXPECT_EQ(memory, (SavedObjectsMemory{{"/a", 4}, {"/b", 9}}));
}

TEST(SavedObjectsMemory, IsKeptAsText) {
    const SavedObjectsMemory memory{{"/a", 4}, {"/b", 9'000'000'000}};
    EXPECT_EQ(decode_saved_objects(encode_saved_objects(memory)), memory);
    for (const char* wrong : {"", "[]", R"({"/a":"many"})", R"({"/a":1.5})"}) {
        EXPECT_THROW(decode_saved_objects(wrong), JsonError) << wrong;
    }
}

class KibanaStore : public ::testing::Test {
 protected:
    TempDir home{};
    std::unique_ptr<Store> store = Store::open({.path = home.file("store.db")});
    JobMemory memory = store->memory("kibana", "town");
    ScriptedHttp http{};
};

TEST_F(KibanaStore, RemembersAppsAndTheirDefinitions) {
    const KibanaStates states{
        {"/a", {.saved_instances = 1, .saved_version = "v"}},
        {"/gone", {.gone_at = now}},
        {"/kept", {.saved_version = "v", .gone_at = now - days(400)}},
        {"/old", {.saved_version = "v", .gone_at = now - days(400) - milliseconds(1)}}};
    save_definition(memory, "/a", "{}", now);
    save_kibana_states(memory, states, now);
    const KibanaStates read = load_kibana_states(&memory);
    EXPECT_EQ(read.size(), 2U);
    EXPECT_EQ(read.at("/a"), states.at("/a"));
    EXPECT_EQ(read.at("/kept"), states.at("/kept"));
    EXPECT_EQ(load_definition(memory, "/a"), "{}");
    EXPECT_EQ(load_definition(memory, "/b"), std::nullopt);
    EXPECT_TRUE(load_kibana_states(nullptr).empty());
}

TEST_F(KibanaStore, RefreshesDefinitionsSoThatTheyDoNotGrowOld) {
    save_definition(memory, "/a", "{}", now - days(29));
    save_kibana_states(memory, {{"/a", {.saved_version = "v"}}}, now);
    const auto entry = memory.find({.kind = "definition", .name = "/a"});
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->updated_at, now);
}

KibanaEvent event(const std::string& id, const std::string& app) {
    return {.id = id, .kind = "kibana.notice", .at = now, .app = app, .idle_since = now - days(20)};
}

TEST_F(KibanaStore, KeepsAnEventUntilEveryWebhookHasIt) {
    EventOutbox outbox(memory, http, {"http://one/hook", "http://two/hook"});
    http.answer(HttpMethod::post, "http://one/hook", {.status = 204});
    http.answer(HttpMethod::post, "http://two/hook", {.status = 500});
    http.answer(HttpMethod::post, "http://two/hook", {.status = 200});
    std::string trouble;
    EXPECT_FALSE(outbox.post(event("1", "/a"), trouble));
    EXPECT_NE(trouble.find("500"), std::string::npos);
    ASSERT_EQ(outbox.waiting().size(), 1U);
    EXPECT_EQ(outbox.waiting()[0].kind, "kibana.notice");
    EXPECT_EQ(outbox.waiting()[0].idle_since, now - days(20));

    auto due = due_events(outbox.waiting(), now);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].taken_by, std::vector<std::string>{"http://one/hook"});
    EXPECT_TRUE(outbox.deliver(due[0], now, trouble));
    EXPECT_TRUE(due_events(outbox.waiting(), now).empty());
    EXPECT_TRUE(outbox.waiting().empty());
}

TEST_F(KibanaStore, KeepsWhatOthersNotedWhileARoundWent) {
    save_kibana_states(memory,
                       {{"/touched", {.suspended_at = now}},
                        {"/protected", {}},
                        {"/woken", {.notice_at = now, .suspended_at = now}}},
                       now);
    KibanaStates round = load_kibana_states(&memory);
    note_touch(memory, "/touched", now + hours(2));
    const auto change = [&](std::string_view app, const std::function<void(KibanaState&)>& how) {
        change_kibana_state(memory, app, now, how);
    };
    change("/protected", [&](KibanaState& state) { state.protected_until = now + hours(9); });
    change("/woken", [&](KibanaState& state) {
        state.resumed_at = now + hours(1);
        state.suspended_at.reset();
        state.notice_at.reset();
    });
    round["/touched"].last_activity = now + hours(1);
    round["/touched"].activity_source = "proxy";
    save_kibana_states(memory, round, now);

    const KibanaStates kept = load_kibana_states(&memory);
    EXPECT_EQ(kept.at("/touched").last_activity, now + hours(2));
    EXPECT_EQ(kept.at("/touched").activity_source, "touch");
    EXPECT_EQ(kept.at("/touched").suspended_at, now) << "a touch changes nothing else";
    EXPECT_EQ(kept.at("/protected").protected_until, now + hours(9));
    EXPECT_EQ(kept.at("/woken"), (KibanaState{.resumed_at = now + hours(1)}));
}

TEST_F(KibanaStore, KeepsTheEventsOfAnAppInOrder) {
    EventOutbox outbox(memory, http, {"http://one/hook"});
    http.answer(HttpMethod::post, "http://one/hook", {.status = 500});
    http.answer(HttpMethod::post, "http://one/hook", {.status = 200});
    std::string trouble;
    EXPECT_FALSE(outbox.post(event("1", "/a"), trouble));
    EXPECT_FALSE(outbox.post(event("2", "/a"), trouble));
    EXPECT_TRUE(outbox.post(event("3", "/b"), trouble));
    const auto due = due_events(outbox.waiting(), now);
    ASSERT_EQ(due.size(), 2U);
    EXPECT_EQ(due[0].id, "1");
    EXPECT_EQ(due[1].id, "2");
}

TEST_F(KibanaStore, DropsAnEventThatIsNotToBeSent) {
    EventOutbox outbox(memory, http, {"http://one/hook"});
    http.answer(HttpMethod::post, "http://one/hook", {.status = 500});
    std::string trouble;
    outbox.post(event("1", "/a"), trouble);
    outbox.post(event("2", "/a"), trouble);
    outbox.drop({outbox.waiting().at(0)});
    ASSERT_EQ(outbox.waiting().size(), 1U);
    EXPECT_EQ(outbox.waiting()[0].id, "2");
}

TEST_F(KibanaStore, TriesLessOftenAfterFiveTimes) {
    EXPECT_EQ(next_try_after(4, now), now);
    EXPECT_EQ(next_try_after(5, now), now + hours(24));
    EventOutbox outbox(memory, http, {"http://one/hook"});
    http.answer(HttpMethod::post, "http://one/hook", {.status = 500});
    std::string trouble;
    outbox.post(event("1", "/a"), trouble);
    for (int i = 0; i < 4; ++i) {
        ASSERT_EQ(due_events(outbox.waiting(), now).size(), 1U) << i;
        outbox.deliver(due_events(outbox.waiting(), now)[0], now, trouble);
    }
    outbox.post(event("2", "/a"), trouble);
    EXPECT_TRUE(due_events(outbox.waiting(), now + hours(23)).empty());
    EXPECT_EQ(due_events(outbox.waiting(), now + hours(24)).size(), 2U);
}

TEST_F(KibanaStore, SignsWhatItSends) {
    EventOutbox outbox(memory, http, {"http://one/hook"}, "secret");
    http.answer(HttpMethod::post, "http://one/hook", {.status = 200});
    std::string trouble;
    ASSERT_TRUE(outbox.post(event("1", "/a"), trouble));
    const HttpRequest& sent = http.requests().at(0);
    EXPECT_EQ(find_header(sent.headers, "X-Caretaker-Signature"),
              "sha256=" + hmac_sha256("secret", sent.body));
}

TEST_F(KibanaStore, NeedsNoWebhook) {
    EventOutbox outbox(memory, http, {});
    std::string trouble;
    EXPECT_TRUE(outbox.post(event("1", "/a"), trouble));
    EXPECT_TRUE(due_events(outbox.waiting(), now).empty());
}

}  // namespace
}  // namespace caretaker

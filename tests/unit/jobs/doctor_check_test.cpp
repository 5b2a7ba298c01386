// SPDX-License-Identifier: Apache-2.0
// What the checks of `doctor` make of what they see.
#include "common/config/settings.hpp"
#include "jobs/doctor/clock_check.hpp"
#include "jobs/doctor/doctor_view.hpp"
#include "jobs/doctor/lease_check.hpp"
#include "jobs/doctor/permission_check.hpp"
#include "jobs/doctor/process_check.hpp"
#include "jobs/doctor/service_check.hpp"
#include "jobs/doctor/store_check.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

using namespace std::chrono_literals;

constexpr WallTime now{1'777'777'777'123ms};
constexpr std::uint64_t gib = std::uint64_t{1} << 30U;

TEST(ClockCheck, TrustsASynchronisedClock) {
    const CheckRow row = judge_clock({.now = now}, true).at(0);
    EXPECT_EQ(row.state, CheckState::ok);
    EXPECT_EQ(row.found, "2026-05-03T03:09:37.123Z; synchronised");
}

TEST(ClockCheck, WarnsOfOneThatIsNotAndTakesSilenceForNoFault) {
    EXPECT_EQ(judge_clock({.now = now}, false).at(0).state, CheckState::warning);
    EXPECT_EQ(judge_clock({.now = now}, std::nullopt).at(0).state, CheckState::ok);
}

TEST(ClockCheck, FindsAClockThatWentBack) {
    const auto state = [](std::chrono::milliseconds ahead) {
        return judge_clock({.now = now, .newest_end = now + ahead}, true).at(0).state;
    };
    EXPECT_EQ(state(-1h), CheckState::ok);
    EXPECT_EQ(state(5min), CheckState::ok);
    EXPECT_EQ(state(5min + 1ms), CheckState::failed);
}

TEST(ProcessCheck, WarnsWhereFilesInUseCannotBeSeen) {
    const TempDir proc;
    Settings settings;
    EXPECT_TRUE(check_files_in_use(settings, proc.path().string()).empty()) << "nothing is cleaned";
    settings.set({.path = "cleanup.files.logs.older_than",
                  .value = std::int64_t{86'400'000},
                  .origin = "c.yml"});
    EXPECT_EQ(check_files_in_use(settings, proc.path().string()).at(0).state, CheckState::warning);
    std::filesystem::create_directories(proc.path() / "1/fd");
    EXPECT_EQ(check_files_in_use(settings, proc.path().string()).at(0).state, CheckState::ok);
}

TEST(ClockCheck, ComparesTheClocksOfServices) {
    const auto ours = std::chrono::floor<std::chrono::seconds>(now);
    EXPECT_TRUE(judge_service_clock("es", ours - 30s, ours).empty());
    EXPECT_EQ(judge_service_clock("es", ours - 31s, ours).at(0).found,
              "its clock is 31.0 s behind ours");
    EXPECT_EQ(judge_service_clock("es", ours + 31s, ours).at(0).state, CheckState::warning);
    EXPECT_EQ(judge_service_clock("es", ours + 301s, ours).at(0).state, CheckState::failed);
}

StoreHealth make_health() {
    return {.path = "/s/caretaker.db",
            .schema_version = 1,
            .writable = true,
            .journal_mode = "wal",
            .bytes = gib / 4,
            .quick_check = "ok",
            .file_system = "local",
            .free_bytes = 100 * gib};
}

CheckRow access_of(const StoreHealth& health) {
    return judge_store(health, gib).front();
}

TEST(StoreCheck, FailsForAUserWhoseRunsWouldLeaveNoRecord) {
    StoreHealth health = make_health();
    EXPECT_EQ(access_of(health).state, CheckState::ok);
    EXPECT_EQ(access_of(health).found, "writable, schema version 1");
    health.writable = false;
    EXPECT_EQ(access_of(health).state, CheckState::failed);
    EXPECT_EQ(access_of(health).found, "readable, not writable, schema version 1");
}

CheckState worst_of(const CheckRows& rows) {
    CheckState worst = CheckState::ok;
    for (const CheckRow& row : rows) {
        worst = row.state == CheckState::failed || worst == CheckState::ok ? row.state : worst;
    }
    return worst;
}

TEST(StoreCheck, IsContentWithAHealthyStore) {
    const CheckRows rows = judge_store(make_health(), 2 * gib);
    EXPECT_EQ(rows.size(), 4U);
    EXPECT_EQ(worst_of(rows), CheckState::ok);
}

TEST(StoreCheck, FindsDamageAndAPoorFileSystem) {
    StoreHealth health = make_health();
    health.quick_check = "row 3 missing from index";
    EXPECT_EQ(worst_of(judge_store(health, 2 * gib)), CheckState::failed);
    health = make_health();
    health.quick_check = "";
    EXPECT_EQ(worst_of(judge_store(health, 2 * gib)), CheckState::ok);
    health.file_system_warning = "lies on tmpfs";
    EXPECT_EQ(worst_of(judge_store(health, 2 * gib)), CheckState::warning);
}

TEST(StoreCheck, FindsTooLittleSpaceBeforeItIsTooLate) {
    const auto state = [](std::uint64_t bytes, std::uint64_t free, std::uint64_t most) {
        StoreHealth health = make_health();
        health.bytes = bytes;
        health.free_bytes = free;
        return worst_of(judge_store(health, most));
    };
    EXPECT_EQ(state(0, 2 * gib, 2 * gib), CheckState::ok);
    EXPECT_EQ(state(0, 2 * gib - 1, 2 * gib), CheckState::warning) << "it may not grow so far";
    EXPECT_EQ(state(gib, gib / 32, 2 * gib), CheckState::failed);
    EXPECT_EQ(state(19 * gib / 10, 9 * gib, 2 * gib), CheckState::warning);
    StoreHealth unknown = make_health();
    unknown.free_bytes.reset();
    EXPECT_EQ(worst_of(judge_store(unknown, gib)), CheckState::skipped);
}

TEST(LockCheck, NamesWhoHoldsWhat) {
    const RunUnderWay run{.uid = "019de7a1-1111-7abc-8def-0000deadbeef",
                          .job = "lag",
                          .target = "prod",
                          .host = "agent-1",
                          .started_at = now - 3min,
                          .has_process = true};
    const CheckRow held = judge_locks({&run, 1}, "agent-1", now).at(0);
    EXPECT_EQ(held.subject, "lag prod");
    EXPECT_EQ(held.found, "held by run deadbeef on agent-1 for 3 min");
    EXPECT_EQ(held.state, CheckState::ok);

    RunUnderWay lost = run;
    lost.has_process = false;
    EXPECT_EQ(judge_locks({&lost, 1}, "agent-1", now).at(0).state, CheckState::warning);
    EXPECT_EQ(judge_locks({&lost, 1}, "agent-2", now).at(0).state, CheckState::skipped);
    EXPECT_EQ(judge_locks({}, "agent-1", now).at(0).found, "no run is under way");
}

TEST(LeaseCheck, TellsWhoHoldsWhichLeaseAndWhetherItStillCounts) {
    const auto row_of = [](std::chrono::milliseconds left) {
        const Lease lease{.lock = "rotate",
                          .target = "prod",
                          .owner = "0198-0000-deadbeef",
                          .host = "ops2",
                          .started_at = now - 3min,
                          .expires_at = now + left};
        return judge_leases(std::vector{lease}, "prod", now, 60s).at(0);
    };
    EXPECT_EQ(row_of(41s).subject, "rotate prod");
    EXPECT_EQ(row_of(41s).found, "held by run deadbeef on ops2 for 3 min, ends in 41.0 s");
    EXPECT_EQ(row_of(41s).state, CheckState::ok);
    EXPECT_EQ(row_of(-5s).state, CheckState::warning) << "respected for a moment more";
    EXPECT_EQ(row_of(-11s).found, "free: that of run deadbeef on ops2 ended 11.0 s ago");
    EXPECT_EQ(row_of(-11s).state, CheckState::ok);
    EXPECT_EQ(row_of(71s).state, CheckState::warning) << "its clock is ahead";
}

TEST(LeaseCheck, HasARowWhereThereIsNone) {
    EXPECT_EQ(judge_leases(std::vector<Lease>{}, "prod", now, 60s).at(0).found, "no lease is held");
    EXPECT_EQ(judge_leases(std::nullopt, "prod", now, 60s).at(0).state, CheckState::ok);
}

HttpResponse make_answer(int status, std::string body = {}) {
    return {.status = status, .body = std::move(body)};
}

CheckState state_for(std::string_view service, const HttpResponse& answer) {
    return judge_answer(service, "http://a:1", answer, now).at(0).state;
}

TEST(ServiceCheck, TellsAServiceThatAnswersFromOneThatDoesNotServe) {
    EXPECT_EQ(state_for("marathon", make_answer(200, "pong")), CheckState::ok);
    EXPECT_EQ(state_for("kibana", make_answer(302)), CheckState::ok);
    EXPECT_EQ(state_for("mesos", make_answer(503)), CheckState::failed);
    EXPECT_EQ(state_for("mesos", make_answer(401)), CheckState::failed);
    EXPECT_EQ(state_for("chronos", make_answer(404)), CheckState::failed);
    const auto rows = judge_answer(
        "mesos",
        "http://a:1",
        HttpError(
            HttpFault::connect, RemoteFailure::unreachable, "http_connect", "connecting: refused"),
        now);
    EXPECT_EQ(rows.at(0).state, CheckState::failed);
    EXPECT_NE(rows.at(0).found.find("refused"), std::string::npos);
}

TEST(ServiceCheck, RecognisesASearchEngine) {
    const std::string body =
        R"({"name":"n","cluster_name":"c","cluster_uuid":"u","version":{"number":"8.6.2",)"
        R"("build_flavor":"default"},"tagline":"You Know, for Search"})";
    const auto rows = judge_answer("elasticsearch", "http://a:1", make_answer(200, body), now);
    EXPECT_EQ(rows.at(0).found, "Elasticsearch 8.6.2");
    EXPECT_EQ(state_for("elasticsearch", make_answer(200, "<html>")), CheckState::failed);
    EXPECT_EQ(state_for("elasticsearch", make_answer(200, "{}")), CheckState::failed);
}

TEST(ServiceCheck, NoticesACertificateThatEndsSoon) {
    const auto state = [](std::chrono::seconds left) {
        HttpResponse answer = make_answer(200);
        answer.certificate = HttpCertificate{
            .subject = "CN = es1", .ends_at = std::chrono::ceil<std::chrono::seconds>(now) + left};
        return judge_answer("marathon", "https://a:1", answer, now).at(1).state;
    };
    EXPECT_EQ(state(std::chrono::days(14)), CheckState::ok);
    EXPECT_EQ(state(std::chrono::days(14) - 1s), CheckState::warning);
    EXPECT_EQ(state(0s), CheckState::warning);
    EXPECT_EQ(state(-1s), CheckState::failed);
}

TEST(ServiceCheck, ComparesTheDateOfAnAnswer) {
    HttpResponse answer = make_answer(200);
    answer.headers = {{"date", "Sun, 03 May 2026 02:09:37 GMT"}};
    const auto rows = judge_answer("marathon", "http://a:1", answer, now);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].check, "clock");
    EXPECT_EQ(rows[1].state, CheckState::failed);
}

class PermissionCheck : public testing::Test {
 protected:
    std::string write(const std::string& name, mode_t mode) {
        const std::string path = directory_.file(name);
        std::ofstream(path) << "secret\n";
        ::chmod(path.c_str(), mode);
        return path;
    }

    static Setting make_setting(const std::string& path,
                                std::string value,
                                const std::string& origin) {
        return {.spec = find_key(path), .path = path, .value = std::move(value), .origin = origin};
    }

    TempDir directory_;
};

TEST_F(PermissionCheck, SkipsWhereNoFileIsInUse) {
    const CheckRows rows = check_permissions(Settings());
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].state, CheckState::skipped);
}

TEST_F(PermissionCheck, FindsSecretsThatEverybodyCanRead) {
    const std::string open = write("open", 0644);
    const std::string closed = write("closed", 0640);
    Settings settings;
    const std::string section = "targets.prod.elasticsearch.";
    settings.set(make_setting(section + "password_file", open, "--x"));
    settings.set(make_setting(section + "token_file", closed, "--x"));
    settings.set(make_setting(section + "client_key_file", directory_.file("missing"), "--x"));
    std::vector<CheckState> states;
    for (const CheckRow& row : check_permissions(settings)) {
        states.push_back(row.state);  // by path: closed, missing, open
    }
    EXPECT_EQ(states, (std::vector{CheckState::ok, CheckState::failed, CheckState::warning}));
}

TEST_F(PermissionCheck, LooksAtTheFilesThatSettingsCameFrom) {
    const std::string file = write("caretaker.yml", 0644);
    Settings settings;
    settings.set(make_setting("statsd.prefix", "a", file + ":3:9"));
    ASSERT_EQ(check_permissions(settings).size(), 1U);
    EXPECT_EQ(check_permissions(settings)[0].state, CheckState::ok);
    settings.set(make_setting("targets.prod.elasticsearch.password", "s3cret", file + ":4:1"));
    EXPECT_EQ(check_permissions(settings)[0].state, CheckState::warning);
    ::chmod(file.c_str(), 0666);
    settings = Settings();
    settings.set(make_setting("statsd.prefix", "a", file + ":3:9"));
    EXPECT_EQ(check_permissions(settings)[0].state, CheckState::warning) << "others may write";
}

TEST_F(PermissionCheck, OfTheDockerSocketWantsASocket) {
    EXPECT_EQ(check_docker_socket(directory_.file("none")).at(0).state, CheckState::skipped);
    EXPECT_EQ(check_docker_socket(write("file", 0666)).at(0).state, CheckState::failed);
}

TEST(DoctorView, ShowsARowForEachCheck) {
    const std::vector<CheckRow> rows{
        {.check = "dns", .subject = "a:8125", .found = "10.0.0.1:8125"},
        {.check = "statsd", .state = CheckState::failed, .found = "no", .advice = "start it"}};
    const Table table = format_checks(rows);
    EXPECT_EQ(table.rows,
              (std::vector<std::vector<Cell>>{{"dns", "a:8125", "ok", "10.0.0.1:8125", Cell()},
                                              {"statsd", Cell(), "failed", "no", "start it"}}));
    EXPECT_EQ(summarize_checks(rows), "2 checks: 1 failed, 0 with a warning, 0 skipped");
}

}  // namespace

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The job from its command line to its report, over scripted answers of a master.
#include "jobs/leftovers/leftovers_job.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"
#include "common/store/store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/held_rows.hpp"
#include "tests/support/lent_http.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/leftovers/cluster_samples.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using testing::reserved_agent;

constexpr const char* two_agents =
    R"({"slaves":[{"id":"S0","hostname":"h1","pid":"slave(1)@10.0.0.1:5051",)"
    R"("attributes":{"rack":"r1"},"resources":{"cpus":8,"mem":1000},)"
    R"("used_resources":{"cpus":6,"mem":900},"offered_resources":{"cpus":1}},)"
    R"({"id":"S1","hostname":"h2","active":false,"resources":{"cpus":4,"mem":500},)"
    R"("used_resources":{}}]})";

class LeftoversJob : public ::testing::Test {
 protected:
    void answer(const std::string& path, std::string body, int status = 200) {
        wire.answer(HttpMethod::get, path, {.status = status, .body = std::move(body)});
    }

    /// The report of `caretaker leftovers ARGUMENTS` for the target "prod".
    Report run(const std::string& arguments = "--mesos-url http://m:5050") {
        const std::unique_ptr<Job> job = make_leftovers_job();
        CLI::App app;
        CommandOptions command(app);
        job->describe(command);
        app.parse(arguments);
        const Connectors connectors = lend_http(wire);
        const RunInfo info{.job = "leftovers", .target = "prod"};
        Context context{clock, connectors, store.get(), log, settings, stop, info};
        job->configure(settings, info.target);
        Report report = job->run(context);
        report.table = hold_rows(std::move(report.table));
        return report;
    }

    [[nodiscard]] std::vector<std::string> asked() const {
        std::vector<std::string> paths;
        for (const HttpRequest& request : wire.requests()) {
            paths.push_back(request_target(request.url));
        }
        return paths;
    }

    std::unique_ptr<Store> store;  // null: the run goes without
    ScriptedHttp wire;
    FakeClock clock;
    Settings settings;
    StopSignal stop;
    Log log{LogLevel::off, LogFormat::plain};
    TempDir folder;
};

const Finding* find_finding(const Report& report, const std::string& code) {
    const auto found = std::ranges::find(report.findings, code, &Finding::code);
    return found == report.findings.end() ? nullptr : &*found;
}

double metric_of(const Report& report, const std::string& name) {
    return std::ranges::find(report.metrics, name, &Metric::name)->value;
}

TEST_F(LeftoversJob, ReadsTheAgentsLast) {
    answer("/master/slaves", two_agents);
    const Report report = run();
    EXPECT_EQ(asked(),
              (std::vector<std::string>{"/master/roles",
                                        "/master/flags",
                                        "/master/maintenance/schedule",
                                        "/master/maintenance/status",
                                        "/metrics/snapshot",
                                        "/master/slaves"}));
    EXPECT_EQ(report.summary,
              "1 placeable agent (1 inactive), free 2 of 8 cpus, 100 of 1000 MB mem");
    EXPECT_EQ(metric_of(report, "free.cpus"), 2);
    EXPECT_EQ(metric_of(report, "offered.cpus"), 1);
    EXPECT_EQ(metric_of(report, "free_ratio.mem"), 0.1);
    EXPECT_EQ(metric_of(report, "agents.inactive"), 1);
    EXPECT_EQ(find_finding(report, "free_low"), nullptr) << "10 % are not less than 10 %";
}

TEST_F(LeftoversJob, SendsTheUnreachableAgentsWhereTheMasterTellsThem) {
    answer("/master/slaves", two_agents);
    const auto is_unreachable = [](const Metric& metric) {
        return metric.name == "agents.unreachable";
    };
    EXPECT_TRUE(std::ranges::none_of(run().metrics, is_unreachable)) << "it is not known";
    answer("/metrics/snapshot", R"({"master/elected":1.0,"master/slaves_unreachable":3.0})");
    const Report report = run();
    EXPECT_EQ(metric_of(report, "agents.unreachable"), 3);
    EXPECT_EQ(
        report.summary,
        "1 placeable agent (1 inactive, 3 unreachable), free 2 of 8 cpus, 100 of 1000 MB mem");
    answer("/metrics/snapshot", R"({"master/elected":0.0,"master/slaves_unreachable":3.0})");
    run();  // takes the answer before
    EXPECT_TRUE(std::ranges::none_of(run().metrics, is_unreachable)) << "it leads no more";
}

TEST_F(LeftoversJob, AsksForTheRegionOfTheMasterWhereAgentsHaveOne) {
    const std::string domain = R"({"fault_domain":{"region":{"name":"eu"},"zone":{"name":"a"}}})";
    answer("/master/slaves",
           R"({"slaves":[{"id":"S0","hostname":"h","domain":)" + domain +
               R"(,"resources":{"cpus":8,"mem":1000},"used_resources":{}}]})");
    wire.answer(HttpMethod::post,
                "/api/v1",
                {.status = 200,
                 .body = R"({"type":"GET_MASTER","get_master":{"master_info":{"domain":)" + domain +
                         "}}}"});
    run();
    EXPECT_EQ(asked().back(), "/api/v1");
    EXPECT_NE(wire.requests().back().body.find("GET_MASTER"), std::string::npos);
}

TEST_F(LeftoversJob, RefusesFilesInWhichNothingIsKnown) {
    std::ofstream(folder.path() / "metrics.json") << R"({"master/elected":1.0})";
    EXPECT_THROW(run("--input " + folder.path().string()), UsageError);
    std::ofstream(folder.path() / "slaves.json") << R"({"slaves":[]})";
    EXPECT_EQ(run("--input " + folder.path().string()).summary, "no agents found");
}

TEST_F(LeftoversJob, RefusesToLoseAGroupThatNoAgentIsIn) {
    std::ofstream(folder.path() / "slaves.json") << two_agents;
    std::ofstream(folder.path() / "apps.json") << R"({"apps":[{"id":"/a"}]})";
    const std::string input = "--input " + folder.path().string();
    EXPECT_THROW(run(input + " --lose-group Rack"), UsageError);
    EXPECT_NO_THROW(run(input + " --lose-group rack --lose-group @zone"));
}

TEST_F(LeftoversJob, NamesAttributesThatNoAgentHas) {
    std::ofstream(folder.path() / "slaves.json") << two_agents;
    std::ofstream(folder.path() / "apps.json") << R"({"apps":[{"id":"/a"}]})";
    const auto complaint = [&](const std::string& options) -> std::string {
        try {
            run("--input " + folder.path().string() + " " + options);
        } catch (const UsageError& error) {
            return error.what();
        }
        return "none";
    };
    EXPECT_EQ(complaint("--by Rack"), "--by: no agent has an attribute Rack; did you mean rack?");
    EXPECT_EQ(complaint("--by @zone,kind"), "--by: no agent has an attribute kind; there are rack");
    EXPECT_EQ(complaint("--lose-group rac"),
              "--lose-group: no agent has an attribute rac; did you mean rack?");
    EXPECT_EQ(complaint("--by rack,@class --by rack --lose-group rack"), "none");
}

TEST_F(LeftoversJob, FindsWhatIsNearlyFull) {
    answer("/master/slaves",
           R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":100,"mem":1000},)"
           R"("used_resources":{"cpus":90.001,"mem":950.001}}]})");
    const Report report = run();
    ASSERT_EQ(report.findings.size(), 2U);
    EXPECT_EQ(report.findings[0].subject, "resource cpus");
    EXPECT_EQ(report.findings[0].severity, Severity::warn);
    EXPECT_EQ(report.findings[1].subject, "resource mem");
    EXPECT_EQ(report.findings[1].severity, Severity::high);
}

TEST_F(LeftoversJob, ShowsAgentsWithTheirPictures) {
    answer("/master/slaves", two_agents);
    const Report report = run("--mesos-url http://m:5050 --agents --by rack");
    ASSERT_EQ(report.table.rows.size(), 2U);
    EXPECT_EQ(report.table.columns[5].key, "cpus_picture");
    EXPECT_EQ(std::get<std::string>(report.table.rows[0][5]), "###############ooo..");
    EXPECT_EQ(std::get<std::string>(report.table.rows[1][5]), "--------------------");
    ASSERT_EQ(report.details.size(), 2U);
    EXPECT_EQ(report.details[0].title, "Resources");
    EXPECT_EQ(report.details[1].title, "By rack");
}

/// What an earlier run told.
void record(Store& store, WallTime at, Sample sample) {
    Report report;
    report.samples = {std::move(sample)};
    const std::int64_t id = store.begin_run({.uid = std::to_string(at.time_since_epoch().count()),
                                             .job = "leftovers",
                                             .target = "prod",
                                             .started_at = at});
    store.close_run(id, {.report = report, .ended_at = at});
}

TEST_F(LeftoversJob, ForecastsFromTheSamplesOfEarlierRuns) {
    store = Store::open({.path = ":memory:"});
    answer("/master/slaves", two_agents);
    const Report nothing = run("--mesos-url http://m:5050 --forecast");
    EXPECT_EQ(nothing.details.back().title, "Forecast");
    EXPECT_EQ(std::get<std::string>(nothing.details.back().rows.at(0).at(5)), "too_few_samples");
    for (int day = 20; day > 0; --day) {
        record(*store,
               clock.now() - std::chrono::days(day),
               {.series = "leftovers.free",
                .labels = {{"resource", "cpus"}},
                .value = 2.0 + day * 0.1});
    }
    const Report report = run("--mesos-url http://m:5050 --forecast");
    const auto& row = report.details.back().rows.at(0);
    EXPECT_EQ(std::get<std::string>(row.at(0)), "free cpus");
    EXPECT_NEAR(std::get<double>(row.at(2)), -0.1, 0.001);
    EXPECT_NEAR(std::get<double>(row.at(4)), 12, 0.1) << "2 of 8 cpus, of which 0.8 is the tenth";
    ASSERT_NE(find_finding(report, "eta_short"), nullptr);
    EXPECT_EQ(find_finding(report, "eta_short")->severity, Severity::warn);
}

TEST_F(LeftoversJob, ForecastsWhenAQuotaIsUsedUp) {
    store = Store::open({.path = ":memory:"});
    answer("/master/slaves", two_agents);
    answer("/master/roles",
           R"({"roles":[{"name":"web","quota":{"limit":{"cpus":10},"guarantee":{"cpus":9},)"
           R"("consumed":{"cpus":6}}}]})");
    for (int day = 20; day > 0; --day) {
        record(*store,
               clock.now() - std::chrono::days(day),
               {.series = "leftovers.quota_left",
                .labels = {{"role", "web"}, {"resource", "cpus"}},
                .value = 4.0 + day * 0.5});
    }
    const Report report = run("--mesos-url http://m:5050 --forecast");
    const auto& row = report.details.back().rows.back();
    EXPECT_EQ(std::get<std::string>(row.at(0)), "quota web cpus");
    EXPECT_EQ(std::get<double>(row.at(3)), 1) << "a tenth of the limit";
    EXPECT_NEAR(std::get<double>(row.at(4)), 6, 0.1);
    const Finding* finding = find_finding(report, "eta_short");
    ASSERT_NE(finding, nullptr);
    EXPECT_NE(finding->message.find("raise the limit"), std::string::npos) << finding->message;
    EXPECT_EQ(metric_of(report, "quota_left.cpus"), 4);
    EXPECT_EQ(metric_of(report, "quota_limit.cpus"), 10);
    EXPECT_EQ(metric_of(report, "held_back.cpus"), 3);
}

TEST_F(LeftoversJob, HasNoForecastWithoutAStore) {
    answer("/master/slaves", two_agents);
    const Report report = run("--mesos-url http://m:5050 --forecast");
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].code, "no_history");
}

/// A run that does not look at the loss of agents says nothing about earlier findings of it.
TEST_F(LeftoversJob, LeavesFindingsThatItCouldNotMake) {
    answer("/master/slaves", two_agents);
    const Report report = run();
    EXPECT_FALSE(report.looked_at({.code = "n1_unsafe"}));
    EXPECT_FALSE(report.looked_at({.code = "app_stuck"}));
    EXPECT_FALSE(report.looked_at({.code = "plan_infeasible"}));
    EXPECT_TRUE(report.looked_at({.code = "free_low"}));
}

TEST_F(LeftoversJob, AsksForStateWhereSlavesAreRefused) {
    answer("/master/slaves", "", 403);
    answer("/master/state", two_agents);
    const Report report = run();
    EXPECT_EQ(asked().back(), "/master/state");
    ASSERT_NE(find_finding(report, "data_incomplete"), nullptr);
    EXPECT_EQ(find_finding(report, "data_incomplete")->subject, "document slaves");
}

TEST_F(LeftoversJob, EndsWhereNothingThatListsAgentsMayBeRead) {
    answer("/master/slaves", "", 403);
    answer("/master/state", "", 403);
    try {
        run();
        FAIL();
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::denied);
    }
}

TEST_F(LeftoversJob, GoesOnWithoutDocumentsThatAreRefused) {
    answer("/master/flags", "", 401);
    answer("/master/maintenance/status", "<html>");
    answer("/master/slaves", two_agents);
    const Report report = run();
    EXPECT_TRUE(report.problems.empty());
    std::vector<std::string> subjects;
    for (const Finding& finding : report.findings) {
        subjects.push_back(finding.subject);
    }
    EXPECT_EQ(subjects,
              (std::vector<std::string>{"document flags", "document maintenance_status"}));
}

TEST_F(LeftoversJob, FindsTheLeaderOfMastersThatAnswerForThemselves) {
    wire.answer(
        HttpMethod::get, "http://leader:5050/master/slaves", {.status = 200, .body = two_agents});
    wire.answer(HttpMethod::get, "http://leader:5050/", {.status = 404});
    wire.answer(HttpMethod::get,
                "/master/redirect",
                {.status = 307, .headers = {{"Location", "//leader:5050"}}});
    answer("/master/slaves", R"({"slaves":[]})");
    answer("/metrics/snapshot", R"({"master/elected":0.0})");
    EXPECT_EQ(run().summary,
              "1 placeable agent (1 inactive), free 2 of 8 cpus, 100 of 1000 MB mem");
}

TEST_F(LeftoversJob, EndsWhereNoMasterLeads) {
    wire.answer(HttpMethod::get,
                "/master/redirect",
                {.status = 307, .headers = {{"Location", "//m:5050"}}});
    answer("/master/slaves", R"({"slaves":[]})");
    answer("/metrics/snapshot", R"({"master/elected":0})");
    try {
        run();
        FAIL();
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.code(), "mesos_no_leader");
        EXPECT_EQ(error.exit_code(), ExitCode::unreachable);
    }
}

TEST_F(LeftoversJob, TakesAnEmptyClusterOfTheLeaderForEmpty) {
    answer("/master/slaves", R"({"slaves":[],"recovered_slaves":[]})");
    answer("/metrics/snapshot", R"({"master/elected":1})");
    const Report report = run();
    EXPECT_EQ(report.summary, "no agents found");
    EXPECT_TRUE(report.problems.empty());
    EXPECT_TRUE(report.findings.empty());
}

TEST_F(LeftoversJob, AsksForTasksOfMastersThatDoNotTellWhatIsInUse) {
    const std::string agents =
        R"("slaves":[{"id":"S0","hostname":"h","resources":{"cpus":4,"mem":0}}])";
    answer("/master/slaves", "{" + agents + "}");
    answer(
        "/master/state.json",
        "{" + agents + R"(,"frameworks":[{"tasks":[{"slave_id":"S0","resources":{"cpus":3}}]}]})");
    EXPECT_EQ(run().summary, "1 placeable agent, free 1 of 4 cpus, 0 of 0 MB mem");
}

TEST_F(LeftoversJob, IsPartialWhileManyAgentsHaveNotComeBack) {
    answer("/master/slaves",
           R"({"slaves":[{"id":"S0","hostname":"a","resources":{},"used_resources":{}}],)"
           R"("recovered_slaves":[{"id":"S1","hostname":"b"}]})");
    const Report report = run();
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].code, "agents_recovering");
    ASSERT_NE(find_finding(report, "data_incomplete"), nullptr);
}

TEST_F(LeftoversJob, SavesACaseThatIsJudgedTheSameLater) {
    answer("/master/slaves", std::string(reserved_agent));
    answer("/master/flags",
           R"({"flags":{"min_allocatable_resources":"cpus:1","credentials":"/etc/secret"}})");
    answer("/master/maintenance/schedule",
           R"({"windows":[{"machine_ids":[{"hostname":"h1","ip":"10.0.0.1"}],)"
           R"("unavailability":{"start":{"nanoseconds":1767225601000000001}}}]})");
    const std::string path = folder.file("case");
    const Report first = run("--mesos-url http://m:5050 --agents --role logs --save " + path);
    clock.advance(std::chrono::hours(1));
    const Report again = run("--agents --role logs --input " + path);
    EXPECT_EQ(again.summary, first.summary);
    EXPECT_EQ(again.table.rows, first.table.rows);
    EXPECT_EQ(std::get<std::string>(first.table.rows.at(0).at(2)), "placeable");
    const Report later = run("--agents --role logs --now 2026-01-01T00:00:02Z --input " + path);
    EXPECT_EQ(std::get<std::string>(later.table.rows.at(0).at(2)), "maintenance");
    std::ifstream flags(path + "/flags.json");
    const std::string saved{std::istreambuf_iterator<char>(flags), {}};
    EXPECT_EQ(saved, "{\"flags\":{\"min_allocatable_resources\":\"cpus:1\"}}\n");
}

TEST_F(LeftoversJob, SavesTheSameCaseAgainFromACase) {
    const std::string first = folder.file("first");
    const std::string second = folder.file("second");
    answer("/master/slaves", R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":1}}]})");
    answer(
        "/master/state",
        R"({"frameworks":[{"name":"a","tasks":[{"id":"t1","slave_id":"S0","resources":{"cpus":1},)"
        R"("env":"secret"},{"id":"t2"}],"executors":[{"slave_id":"S0"}]},{"tasks":[{"id":"t3"}]}],)"
        R"("slaves":[{"id":"S0","hostname":"h","resources":{"cpus":1}}]})");
    run("--mesos-url http://m:5050 --save " + first);
    run("--save " + second + " --input " + first);
    for (const char* name : {"/state.json", "/slaves.json", "/case.json"}) {
        std::ifstream one(first + name);
        std::ifstream two(second + name);
        const std::string text{std::istreambuf_iterator<char>(one), {}};
        EXPECT_FALSE(text.empty()) << name;
        EXPECT_EQ(text, (std::string{std::istreambuf_iterator<char>(two), {}})) << name;
        EXPECT_EQ(text.find("secret"), std::string::npos);
    }
}

TEST_F(LeftoversJob, ShowsHowManyMoreOfEachAppFit) {
    answer("/v2/info",
           R"({"name":"marathon","version":"1.5.0","leader":"m:8080",)"
           R"("marathon_config":{"mesos_role":"logs","secret_config":"x"}})");
    answer("/v2/apps",
           R"({"apps":[{"id":"/es","instances":3,"cpus":6.5,"env":{"PASSWORD":"hunter2"},)"
           R"("container":{"docker":{"parameters":[{"key":"env","value":"hunter2"}],)"
           R"("portMappings":[{"hostPort":0}]}}},)"
           R"({"id":"/web","instances":1,"mem":1,"cpus":1},{"id":"/bad","cpus":-1}]})");
    answer("/v2/tasks",
           R"({"tasks":[{"id":"t1","appId":"/web","slaveId":"S0",)"
           R"("startedAt":"2026-01-01T00:00:00.000Z"}]})");
    answer("/v2/queue", R"({"queue":[{"count":2,"app":{"id":"/es","env":{"A":"hunter2"}}}]})");
    answer("/master/slaves", std::string(reserved_agent));
    const std::string path = folder.file("case");
    const Report report =
        run("--mesos-url http://m:5050 --marathon-url http://w:8080 --save " + path);
    EXPECT_EQ(report.summary,
              "1 placeable agent, free 6.5 of 16 cpus, 17408 of 32768 MB mem, 2 apps")
        << "the view is that of Marathon's role";
    ASSERT_EQ(report.details.size(), 3U);
    EXPECT_EQ(report.details[2].title, "Fragmentation");
    EXPECT_EQ(report.details[1].title, "Without one agent these instances find no place");
    EXPECT_NE(find_finding(report, "n1_unsafe"), nullptr);
    EXPECT_EQ(std::get<std::string>(report.details[0].rows.at(0).at(0)), "/es");
    EXPECT_EQ(std::get<std::int64_t>(report.details[0].rows.at(0).at(4)), 1);
    EXPECT_EQ(std::get<std::int64_t>(report.details[0].rows.at(1).at(4)), 6);
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].subject, "app /bad");
    const Report again = run("--input " + path);
    EXPECT_EQ(again.details.at(0).rows, report.details[0].rows);
    for (const char* name : {"info", "apps", "tasks", "queue"}) {
        std::ifstream file(path + "/marathon_" + name + ".json");
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        EXPECT_GT(text.size(), 5U) << name;
        EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
        EXPECT_EQ(text.find("startedAt") != std::string::npos, std::string_view(name) == "tasks");
    }
    const Report explained = run("--explain /es --input " + path);
    EXPECT_EQ(explained.details.at(0).title, "/es on the agents that come closest");
    EXPECT_THROW(run("--explain /none --input " + path), UsageError);
}

TEST_F(LeftoversJob, GoesOnWithoutAMarathonThatDoesNotAnswer) {
    answer("/v2/info", "", 401);
    answer("/master/slaves", two_agents);
    const Report report = run("--mesos-url http://m:5050 --marathon-url http://w:8080");
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_EQ(report.problems[0].subject, "marathon");
    EXPECT_TRUE(report.problems[0].denied);
    EXPECT_TRUE(report.details.empty());
}

TEST_F(LeftoversJob, DoesNotBelieveAMarathonWithoutALeader) {
    answer("/v2/info", R"({"marathon_config":{}})");
    answer("/v2/apps", R"({"apps":[]})");
    answer("/master/slaves", two_agents);
    const Report report = run("--mesos-url http://m:5050 --marathon-url http://w:8080");
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_TRUE(report.details.empty());
}

TEST_F(LeftoversJob, FindsAppsWithoutRoom) {
    answer("/v2/info", R"({"leader":"m:8080","marathon_config":{}})");
    answer("/v2/apps",
           R"({"apps":[{"id":"/stuck","cpus":99,"instances":2},{"id":"/full","cpus":99},)"
           R"({"id":"/off","cpus":99,"instances":0},{"id":"/low","cpus":2,"mem":1,"instances":11},)"
           R"({"id":"/odd","constraints":[["x","NEAR"]]}]})");
    answer("/v2/queue", R"({"queue":[{"count":2,"app":{"id":"/stuck"}}]})");
    answer("/master/slaves",
           R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":3,"mem":50},)"
           R"("used_resources":{}}]})");
    const Report report = run("--mesos-url http://m:5050 --marathon-url http://w:8080");
    std::vector<std::string> found;
    for (const Finding& finding : report.findings) {
        found.push_back(finding.code + " " + finding.subject);
    }
    EXPECT_EQ(found,
              (std::vector<std::string>{"app_no_room app /full",
                                        "app_low_headroom app /low",
                                        "constraint_unsupported app /odd",
                                        "app_stuck app /stuck"}));
    EXPECT_EQ(metric_of(report, "apps.without_room"), 3);
    EXPECT_EQ(metric_of(report, "apps.stuck"), 1);
}

TEST_F(LeftoversJob, FindsAppsWithLessRoomThanIsDemanded) {
    answer("/v2/info", R"({"leader":"m:8080","marathon_config":{}})");
    answer("/v2/apps",
           R"({"apps":[{"id":"/three","cpus":1,"mem":1,"instances":11},)"
           R"({"id":"/one","cpus":2,"mem":1},{"id":"/off","cpus":99,"instances":0}]})");
    answer("/master/slaves",
           R"({"slaves":[{"id":"S0","hostname":"h","resources":{"cpus":3,"mem":50},)"
           R"("used_resources":{}}]})");
    const auto low = [&](const std::string& option) {
        std::vector<std::string> found;
        for (const Finding& finding :
             run("--mesos-url http://m:5050 --marathon-url http://w:8080 " + option).findings) {
            if (finding.code == "app_low_headroom") {
                found.push_back(finding.subject);
            }
        }
        return found;
    };
    using Subjects = std::vector<std::string>;
    EXPECT_EQ(low(""), Subjects{}) << "3 are more than a tenth of 11";
    EXPECT_EQ(low("--min-fits 1"), Subjects{});
    EXPECT_EQ(low("--min-fits 2"), Subjects{"app /one"});
    EXPECT_EQ(low("--min-fits 3"), Subjects{"app /one"}) << "as many as demanded are enough";
    EXPECT_EQ(low("--min-fits 4"), (Subjects{"app /one", "app /three"}))
        << "not /off, which has no room at all and wants none";
    EXPECT_THROW(low("--min-fits 0"), CLI::ParseError);
    EXPECT_THROW(low("--min-fits -1"), CLI::ParseError);
}

TEST_F(LeftoversJob, LosesTwoAgentsAtOnceWhereAsked) {
    answer("/v2/info", R"({"leader":"m:8080","marathon_config":{}})");
    answer("/v2/apps", R"({"apps":[{"id":"/a","cpus":2,"mem":1,"instances":2}]})");
    answer("/v2/tasks",
           R"({"tasks":[{"id":"t0","appId":"/a","slaveId":"S0"},)"
           R"({"id":"t1","appId":"/a","slaveId":"S1"}]})");
    answer("/master/slaves",
           R"({"slaves":[{"id":"S0","hostname":"h0","resources":{"cpus":4,"mem":50},)"
           R"("used_resources":{"cpus":2,"mem":1}},{"id":"S1","hostname":"h1",)"
           R"("resources":{"cpus":4,"mem":50},"used_resources":{"cpus":2,"mem":1}}]})");
    const std::string both = "--mesos-url http://m:5050 --marathon-url http://w:8080 ";
    const Report report = run(both + "--n2");
    EXPECT_EQ(metric_of(report, "n1.unsafe_agents"), 0);
    EXPECT_EQ(metric_of(report, "n2.pairs"), 1);
    EXPECT_EQ(metric_of(report, "n2.unsafe_pairs"), 1);
    EXPECT_EQ(metric_of(report, "n2.worst_lost"), 2);
    EXPECT_TRUE(std::ranges::any_of(report.details, [](const Table& table) {
        return table.title == "Without two agents these instances find no place";
    }));
    EXPECT_THROW(run(both + "--n2-sample 5"), UsageError);
    EXPECT_THROW(run(both + "--n2 --n2-sample 0"), CLI::ParseError);
}

TEST_F(LeftoversJob, RefusesWrongOptionsBeforeAnythingIsAsked) {
    EXPECT_THROW(run("--accept none --mesos-url http://m:5050"), CLI::ParseError);
    EXPECT_THROW(run("--offered some --mesos-url http://m:5050"), CLI::ParseError);
    EXPECT_THROW(run("--draining 5 --mesos-url http://m:5050"), CLI::ParseError);
    EXPECT_THROW(run("--now today --input ."), CLI::ParseError);
    EXPECT_THROW(run("--now 2026-01-01T00:00:02Z --mesos-url http://m:5050"), UsageError);
    EXPECT_THROW(run("--input . --mesos-url http://m:5050"), UsageError);
    EXPECT_THROW(run("--input . --offers"), UsageError);
    EXPECT_THROW(run("--offers --offered busy --mesos-url http://m:5050"), UsageError);
    EXPECT_THROW(run("--offers-for 5s --mesos-url http://m:5050"), UsageError);
    for (const char* limit : {"0s", "15001ms", "16s", "5", "-1s", ""}) {
        EXPECT_THROW(run(std::string("--mesos-url http://m:5050 --offers --offers-for=") + limit),
                     CLI::ParseError)
            << limit;
    }
    EXPECT_THROW(run(""), UsageError);
    EXPECT_THROW(run("--input " + folder.file("nothing")), UsageError);
    EXPECT_THROW(run("--input " + folder.path().string()), UsageError) << "no *.json in it";
    EXPECT_TRUE(wire.requests().empty());
}

}  // namespace
}  // namespace caretaker

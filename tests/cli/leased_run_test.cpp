// SPDX-License-Identifier: Apache-2.0
// Runs of two hosts, each with a store and a lock directory of its own, and one search engine for
// the leases of both.
#include "common/clients/lease_document.hpp"
#include "testjob_runs.hpp"
#include "tests/sandbox/interfered_search.hpp"
#include "tests/support/thing_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::InterferedSearch;
using sandbox::SearchState;
using Steady = std::chrono::steady_clock;

constexpr auto promised_end = 2'000ms + 500ms;  // as in stopped_run_test.cpp

/// caretaker.yml with a target `prod` that keeps its leases at `url`.
std::string configuration(const std::string& url, const std::string& lock = {}) {
    constexpr const char* timeout = "request_timeout: 5900ms";
    return fmt::format(
        "lock: {{backend: elasticsearch{0}}}\n"
        "targets:\n"
        "  prod:\n"
        "    elasticsearch: {{urls: ['{1}'], {2}}}\n"
        "    marathon: {{{2}}}\n"
        "    chronos: {{{2}}}\n"
        "    kibana: {{{2}}}\n"
        "    docker: {{{2}}}\n",
        lock,
        url,
        timeout);
}

class LeasedRun : public ::testing::Test {
 protected:
    LeasedRun() { configure(search_.url()); }

    void configure(const std::string& url, const std::string& lock = {}) const {
        for (const TestjobRuns* host : {&here_, &there_}) {
            std::ofstream(host->file("caretaker.yml")) << configuration(url, lock);
        }
    }

    /// The variables of a run on `host`.
    [[nodiscard]] Variables on(const TestjobRuns& host) const {
        return {{"CARETAKER_HOST", &host == &here_ ? "here" : "there"},
                {"CARETAKER_CONFIG", host.file("caretaker.yml")}};
    }

    Finished run(const TestjobRuns& host, const std::vector<std::string>& args) {
        return host.run(args, on(host));
    }

    /// Deletes three old things.
    Finished purge(ThingServer& server, std::vector<std::string> more = {"--yes"}) {
        std::vector<std::string> args{"purge", "--url", server.url()};
        args.insert(args.end(), more.begin(), more.end());
        return run(here_, args);
    }

    /// A run of `idle` there that holds its lease until it is ended.
    ChildProcess start_holder() {
        ChildProcess holder(there_.command({"idle", "--wait", "120"}, on(there_)));
        EXPECT_TRUE(holder.wait_for_output("idling has begun", 60s)) << holder.err();
        return holder;
    }

    /// What the engine holds of that lease.
    std::optional<std::string> lease(const std::string& id) {
        return search_.with_state([&](SearchState& state) -> std::optional<std::string> {
            const auto& stored = state.indices["caretaker-locks"].stored;
            const auto found = stored.find(id);
            return found == stored.end() || found->second.is_deleted
                       ? std::nullopt
                       : std::optional(found->second.source);
        });
    }

    /// As another host writes it, from then on until `left` is over.
    static void write_lease(SearchState& state,
                            const std::string& lock,
                            std::chrono::milliseconds left) {
        const WallTime now =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        auto& index = state.indices["caretaker-locks"];
        auto& document = index.stored[lock + "@prod"];
        document.source = format_lease({.lock = lock,
                                        .target = "prod",
                                        .owner = "0198-other",
                                        .host = "elsewhere",
                                        .started_at = now - 3min,
                                        .expires_at = now + left});
        document.is_deleted = false;
        ++document.version;
        document.seq_no = index.next_seq_no++;
    }

    void write_lease(const std::string& lock, std::chrono::milliseconds left) {
        search_.with_state([&](SearchState& state) { write_lease(state, lock, left); });
    }

    void answer_leases(const ServedAnswer& answer) {
        search_.interfere(
            [answer](SearchState&, const HttpRequest&) { return std::optional(answer); });
    }

    InterferedSearch search_{};
    TestjobRuns here_;
    TestjobRuns there_;
};

TEST_F(LeasedRun, IsSkippedAndNamesTheHolderOnAnotherHost) {
    const ChildProcess holder = start_holder();
    const Finished skipped = run(here_, {"idle"});
    EXPECT_EQ(skipped.status.code, 0);
    EXPECT_NE(skipped.out.find("SKIPPED  idle prod  another run of this job and target is under "
                               "way: {\"run\":\"" +
                               there_.rows().front().uid + "\",\"host\":\"there\""),
              std::string::npos)
        << skipped.out;
    EXPECT_NE(skipped.out.find("its lease ends in"), std::string::npos) << skipped.out;
    EXPECT_EQ(here_.last().run.outcome, "skipped");
}

TEST_F(LeasedRun, FailsAtTheThirdSkipInARow) {
    write_lease("idle", 60s);
    EXPECT_EQ(run(here_, {"idle"}).status.code, 0);
    EXPECT_EQ(run(here_, {"idle"}).status.code, 0);
    EXPECT_EQ(run(here_, {"idle"}).status.code, 6);
    EXPECT_EQ(run(here_, {"idle", "--on-locked", "fail", "--max-skips", "0"}).status.code, 6);
    EXPECT_EQ(here_.store()->job_status("idle", "prod").value().skip_streak, 4);
    write_lease("idle", -1h);
    EXPECT_EQ(run(here_, {"idle"}).status.code, 0);
    EXPECT_EQ(here_.store()->job_status("idle", "prod").value().skip_streak, 0);
}

TEST_F(LeasedRun, WaitsForAnotherHostAsLongAsItMay) {
    ChildProcess holder = start_holder();
    EXPECT_EQ(run(here_, {"idle", "--on-locked", "wait:100ms"}).status.code, 6);
    ChildProcess waiting(here_.command({"idle", "--on-locked", "wait:60s"}, on(here_)));
    ASSERT_TRUE(waiting.wait_for_output("waiting up to 1m for it", 60s)) << waiting.err();
    holder.signal(SIGTERM);
    EXPECT_EQ(holder.wait(60s).value().code, 143);
    EXPECT_EQ(waiting.wait(60s).value().code, 0) << waiting.err();
}

TEST_F(LeasedRun, ReleasesItsLeaseWhenItIsTold) {
    ChildProcess holder = start_holder();
    EXPECT_TRUE(lease("idle@prod"));
    holder.signal(SIGTERM);
    EXPECT_EQ(holder.wait(60s).value().code, 143);
    EXPECT_FALSE(lease("idle@prod"));
    EXPECT_EQ(run(here_, {"idle", "--on-locked", "fail"}).status.code, 0);
    EXPECT_FALSE(lease("idle@prod")) << "a run that ended by itself leaves none either";
}

TEST_F(LeasedRun, EndsInTimeThoughItsLeaseCannotBeReleased) {
    ChildProcess holder = start_holder();
    answer_leases({.conduct = ServerConduct::hang});
    const auto before = Steady::now();
    holder.signal(SIGTERM);
    EXPECT_EQ(holder.wait(60s).value().code, 143);
    EXPECT_LT(Steady::now() - before, promised_end);
    EXPECT_NE(holder.err().find("releasing the lease idle@prod"), std::string::npos)
        << holder.err();
    EXPECT_EQ(there_.last().run.outcome, "interrupted");
}

TEST_F(LeasedRun, LeavesItsLeaseToExpireWhenItIsKilled) {
    ChildProcess holder = start_holder();
    holder.kill();
    ASSERT_TRUE(lease("idle@prod"));
    EXPECT_EQ(run(here_, {"idle", "--on-locked", "fail"}).status.code, 6);
    write_lease("idle", -9s);
    EXPECT_EQ(run(here_, {"idle", "--on-locked", "fail"}).status.code, 6) << "clocks differ";
    write_lease("idle", -11s);
    EXPECT_EQ(run(here_, {"idle", "--on-locked", "fail"}).status.code, 0);
}

TEST_F(LeasedRun, HoldsTheLockOfItsHostToo) {
    ChildProcess holder = start_holder();
    const std::size_t before = search_.server().requests().size();
    const Finished skipped = run(there_, {"idle"});
    EXPECT_NE(skipped.out.find("SKIPPED"), std::string::npos) << skipped.out;
    EXPECT_EQ(search_.server().requests().size(), before) << "the lock of the host is first";
}

TEST_F(LeasedRun, OfWhatJobsShareKeepsAnotherJobAway) {
    ThingServer server(3, 30);
    write_lease("things", 60s);
    const Finished skipped = purge(server, {"--yes", "--lock", "things"});
    EXPECT_NE(skipped.out.find("another job that needs things of this target is under way"),
              std::string::npos)
        << skipped.out;
    EXPECT_FALSE(lease("purge@prod")) << "the one that it could have was given back";
    EXPECT_EQ(server.size(), 33U);
}

TEST_F(LeasedRun, DoesNothingWhereLeasesCannotBeKept) {
    ThingServer server(3, 30);
    configure("http://127.0.0.1:1");
    const Finished refused = purge(server);
    EXPECT_EQ(refused.status.code, 7) << refused.err;
    EXPECT_NE(refused.err.find("taking the lease that keeps other hosts away"), std::string::npos)
        << refused.err;
    EXPECT_EQ(server.size(), 33U);
    const Finished reading = run(here_, {"idle"});
    EXPECT_EQ(reading.status.code, 0);
    EXPECT_NE(reading.err.find("this run goes on without it"), std::string::npos) << reading.err;
}

TEST_F(LeasedRun, TellsWhatIsWrongWithTheServerOfItsLeases) {
    struct Case {
        ServedAnswer answer;
        int code;
    };

    ThingServer server(3, 30);
    for (const auto& [answer, code] :
         {Case{.answer = {.status = 401, .body = "{}"}, .code = 10},
          Case{.answer = {.status = 500, .body = "{}"}, .code = 1},
          Case{.answer = {.status = 503, .headers = {{"Retry-After", "0"}}, .body = "{}"},
          .code = 7},
          Case{.answer = {.body = "<html>"}, .code = 1},
          Case{.answer = {.body = R"({"tagline":"a proxy","version":{"number":"1"}})"},
          .code = 1}}) {
        answer_leases(answer);
        EXPECT_EQ(purge(server).status.code, code);
        EXPECT_EQ(run(here_, {"idle"}).status.code, 0);
    }
    EXPECT_EQ(server.size(), 33U);
}

TEST_F(LeasedRun, StopsWhenAnotherHostHasItsLease) {
    configure(search_.url(), ", ttl: 9s");
    ThingServer server(3, 30);
    server.on_delete("old-01", {.conduct = ServerConduct::hang});
    ChildProcess child(here_.command({"purge", "--url", server.url(), "--yes"}, on(here_)));
    server.server().wait_for_requests(2);
    write_lease("purge", 60s);
    EXPECT_EQ(child.wait(60s).value().code, 5) << child.err();
    EXPECT_NE(child.err().find("the lease purge@prod was taken over by another run"),
              std::string::npos)
        << child.err();
    const RunDetails run = here_.last();
    EXPECT_EQ(run.run.outcome, "braked");
    EXPECT_EQ(run.actions.at(0).state, "started") << "the next run looks what became of it";
    EXPECT_EQ(run.actions.at(1).state, "skipped");
    EXPECT_TRUE(lease("purge@prod")) << "the other one's stays";
}

TEST_F(LeasedRun, BeginsNoActionThatItsLeaseMightNotOutlast) {
    configure(search_.url(), ", ttl: 9s");
    ThingServer server(3, 30);
    server.on_delete("old-01", {.status = 200, .body = "{}", .delay = 4'500ms});
    ChildProcess child(here_.command({"purge", "--url", server.url(), "--yes"}, on(here_)));
    server.server().wait_for_requests(2);
    answer_leases({.conduct = ServerConduct::hang});
    EXPECT_EQ(child.wait(60s).value().code, 5) << child.err();
    EXPECT_NE(child.err().find("of the lease is left"), std::string::npos) << child.err();
    const RunDetails run = here_.last();
    EXPECT_EQ(run.actions.at(0).state, "done");
    EXPECT_EQ(run.actions.at(1).state, "skipped");
    EXPECT_EQ(server.deletions("old-02"), 0);
}

TEST_F(LeasedRun, ThatIsDryTakesNoneAndSaysWhoHoldsIt) {
    ThingServer server(3, 30);
    write_lease("purge", 60s);
    const Finished dry = purge(server, {"--dry-run"});
    EXPECT_EQ(dry.status.code, 0) << dry.err;
    EXPECT_NE(dry.err.find("another run of this job and target is under way"), std::string::npos)
        << dry.err;
    EXPECT_NE(dry.err.find("elsewhere"), std::string::npos) << dry.err;
    EXPECT_EQ(search_.count(HttpMethod::put), 0U);
    configure("http://127.0.0.1:1");
    EXPECT_EQ(purge(server, {"--dry-run"}).status.code, 0) << "it depends on no lease";
}

TEST_F(LeasedRun, IsRefusedWithSettingsThatCannotKeepIt) {
    ThingServer server(3, 30);
    configure(search_.url(), ", ttl: 8s");
    const Finished short_lease = purge(server);
    EXPECT_EQ(short_lease.status.code, 2);
    EXPECT_NE(short_lease.err.find("set lock.ttl to 9s or more"), std::string::npos)
        << short_lease.err;
    EXPECT_TRUE(here_.rows().empty());
    std::ofstream(here_.file("caretaker.yml")) << "{lock: {backend: elasticsearch}, targets: "
                                                  "{prod: {kafka: {bootstrap_servers: [b:1]}}}}\n";
    EXPECT_EQ(purge(server).status.code, 2);
    const Finished reading = run(here_, {"idle"});
    EXPECT_EQ(reading.status.code, 0) << reading.err;
    EXPECT_NE(reading.err.find("targets.prod.elasticsearch.urls"), std::string::npos)
        << reading.err;
}

TEST_F(LeasedRun, GoesBesideAllOthersWithoutAnyLock) {
    const ChildProcess holder = start_holder();
    ThingServer server(3, 30);
    for (const TestjobRuns* host : {&here_, &there_}) {
        Variables without = on(*host);
        without.emplace_back("CARETAKER_LOCK_BACKEND", "none");
        EXPECT_EQ(host->run({"idle", "--on-locked", "fail"}, without).status.code, 0);
        const Finished changing = host->run({"purge", "--url", server.url(), "--yes"}, without);
        EXPECT_EQ(changing.status.code, 0);
        EXPECT_NE(changing.err.find("lock.backend is none"), std::string::npos) << changing.err;
    }
}

TEST_F(LeasedRun, OfCleanupIsOfItsHostAlone) {
    std::ofstream(here_.file("caretaker.yml"))
        << configuration("http://127.0.0.1:1")
        << fmt::format(
               "cleanup: {{files: [{{name: old, roots: ['{}'], match: ['*.none'], older_than: "
               "1d}}]}}\n",
               here_.file("logs"));
    std::filesystem::create_directory(here_.file("logs"));
    Command command = here_.command({"cleanup", "--yes"}, on(here_));
    command.argv.front() = CARETAKER_BINARY;
    const Finished finished = run_command(command);
    EXPECT_EQ(finished.status.code, 0) << finished.err;
}

TEST_F(LeasedRun, IsShownByDoctor) {
    write_lease("idle", 41s);
    Command command = here_.command({"doctor", "-o", "csv"}, on(here_));
    command.argv.front() = CARETAKER_BINARY;
    const std::string held = run_command(command).out;
    EXPECT_NE(
        held.find("lease,idle prod,ok,\"held by run 98-other on elsewhere for 3 min, ends in "),
        std::string::npos)
        << held;
    answer_leases({.status = 403, .body = "{}"});
    const std::string refused = run_command(command).out;
    EXPECT_NE(refused.find("\nlease,,failed,"), std::string::npos) << refused;
}

}  // namespace
}  // namespace caretaker::testing

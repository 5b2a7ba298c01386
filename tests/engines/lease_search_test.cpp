// SPDX-License-Identifier: Apache-2.0
// Runs of two hosts that a lease in a real search engine keeps apart.
#include "tests/engines/rotate_search_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/thing_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

namespace {

using namespace std::chrono_literals;

class LeaseSearch : public RotateSearchFixture {
 protected:
    /// A command of `program` on a host with a store of its own. A lease lasts six seconds.
    Command command(const std::string& program,
                    const std::string& host,
                    std::vector<std::string> arguments) {
        const std::string home = home_.file(host);
        std::filesystem::create_directories(home);
        std::ofstream(home + "/caretaker.yml") << fmt::format(
            "lock: {{backend: elasticsearch, ttl: 6s}}\n"
            "targets:\n"
            "  prod:\n"
            "    elasticsearch: {{urls: ['{0}'], {1}}}\n"
            "    marathon: {{{1}}}\n"
            "    chronos: {{{1}}}\n"
            "    kibana: {{{1}}}\n"
            "    docker: {{{1}}}\n",
            server().url(),
            "request_timeout: 3900ms");
        std::vector<std::string> argv{program};
        argv.insert(argv.end(), arguments.begin(), arguments.end());
        return {.argv = std::move(argv),
                .environment = {{"HOME", home},
                                {"CARETAKER_HOST", host},
                                {"CARETAKER_CONFIG", home + "/caretaker.yml"},
                                {"CARETAKER_STORE", home + "/store.db"}},
                .inherit_environment = false};
    }

    Command idle(const std::string& host, std::vector<std::string> more) {
        more.insert(more.begin(), "idle");
        return command(CARETAKER_TESTJOB, host, std::move(more));
    }

    /// A run of `idle` that holds its lease until it is ended.
    ChildProcess start_holder(const std::string& host) {
        ChildProcess holder(idle(host, {"--wait", "300"}));
        EXPECT_TRUE(holder.wait_for_output("idling has begun", 60s)) << holder.err();
        EXPECT_EQ(holder.err().find("goes on without"), std::string::npos) << holder.err();
        return holder;
    }

    static std::int64_t count_leases() { return count_documents("caretaker-locks"); }
};

TEST_P(LeaseSearch, IsReleasedByItsHolderAndTakenByTheNext) {
    ChildProcess holder = start_holder("one");
    EXPECT_EQ(count_leases(), 1);
    const Finished skipped = run_command(idle("two", {}));
    EXPECT_EQ(skipped.status.code, 0) << skipped.err;
    EXPECT_NE(skipped.out.find("SKIPPED"), std::string::npos) << skipped.out;
    EXPECT_NE(skipped.out.find(R"("host":"one")"), std::string::npos) << skipped.out;
    holder.signal(SIGTERM);
    EXPECT_EQ(holder.wait(60s).value().code, 143) << holder.err();
    EXPECT_EQ(count_leases(), 0);
    EXPECT_EQ(run_command(idle("two", {"--on-locked", "fail"})).status.code, 0);
    EXPECT_EQ(count_leases(), 0);
}

TEST_P(LeaseSearch, IsWonByOneOfManyAtOnce) {
    std::vector<ChildProcess> hosts;
    for (const char* host : {"one", "two", "three", "four"}) {
        hosts.emplace_back(idle(host, {"--wait", "5", "--on-locked", "fail"}));
    }
    std::vector<int> codes;
    for (ChildProcess& host : hosts) {
        codes.push_back(host.wait(120s).value().code);
    }
    EXPECT_EQ(std::ranges::count(codes, 0), 1);
    EXPECT_EQ(std::ranges::count(codes, 6), 3);
}

TEST_P(LeaseSearch, IsRenewedBeyondItsTime) {
    const ChildProcess holder = start_holder("one");
    // Six seconds and the margin of ten would be over by then.
    EXPECT_EQ(run_command(idle("two", {"--on-locked", "wait:20s"}), 120s).status.code, 6);
    EXPECT_EQ(count_leases(), 1);
}

TEST_P(LeaseSearch, IsTakenOverFromAHolderThatWasKilled) {
    ChildProcess holder = start_holder("one");
    holder.kill();
    EXPECT_EQ(run_command(idle("two", {"--on-locked", "fail"})).status.code, 6);
    const Finished next = run_command(idle("two", {"--on-locked", "wait:60s"}), 120s);
    EXPECT_EQ(next.status.code, 0) << next.err;
    EXPECT_EQ(count_leases(), 0);
}

TEST_P(LeaseSearch, KeepsOneRotationAwayFromAnother) {
    server().create("old-1");
    server().create("old-2");
    ThingServer things(1, 1);
    things.on_list({.conduct = ServerConduct::hang});  // its locks are taken by then
    const std::string lock = "the indices at " + server().url();
    ChildProcess holder(command(
        CARETAKER_TESTJOB, "one", {"purge", "--url", things.url(), "--lock", lock, "--yes"}));
    things.server().wait_for_requests(1);
    const std::vector<std::string> rotation{
        "rotate",
        "delete-indices",
        "--filter-list",
        R"([{"filtertype":"pattern","kind":"prefix","value":"old-"}])",
        "--yes"};
    const Finished skipped = run_command(command(CARETAKER_BINARY, "two", rotation), 120s);
    EXPECT_EQ(skipped.status.code, 0) << skipped.err;
    EXPECT_NE(skipped.out.find("another job that needs the indices at"), std::string::npos)
        << skipped.out << skipped.err;
    EXPECT_TRUE(server().has("old-1"));
    holder.signal(SIGTERM);
    EXPECT_EQ(holder.wait(60s).value().code, 143) << holder.err();
    const Finished done = run_command(command(CARETAKER_BINARY, "two", rotation), 120s);
    EXPECT_EQ(done.status.code, 0) << done.err;
    EXPECT_FALSE(server().has("old-1"));
    EXPECT_FALSE(server().has("old-2"));
    EXPECT_EQ(count_leases(), 0);
}

TEST_P(LeaseSearch, IsShownByDoctor) {
    const ChildProcess holder = start_holder("one");
    server().request(HttpMethod::post, "/caretaker-locks/_refresh");
    const Finished doctor = run_command(command(CARETAKER_BINARY, "two", {"doctor", "-o", "csv"}));
    EXPECT_NE(doctor.out.find("lease,idle prod,ok,\"held by run"), std::string::npos) << doctor.out;
}

CARETAKER_FOR_EACH_ENGINE(LeaseSearch);

}  // namespace

}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
// Leases of two hosts in one search engine that does as it should, or does not.
#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/cli/run_lease.hpp"
#include "common/cli/world.hpp"
#include "common/clients/lease_document.hpp"
#include "common/config/settings.hpp"
#include "common/http/curl_http.hpp"
#include "common/output/console.hpp"
#include "tests/sandbox/interfered_search.hpp"
#include "tests/sandbox/search_handlers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace caretaker::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::InterferedSearch;
using sandbox::SearchState;

constexpr auto ttl = 60s;
constexpr auto short_ttl = 3s;  // renewed each second

/// A run on a host of its own.
class Host {
 public:
    Host(const InterferedSearch& search,
         std::string name,
         std::chrono::milliseconds lease_ttl = ttl,
         LeaseLoss loss = LeaseLoss::stops)
        : run_{.uid = "run-" + name,
               .job = "rotate",
               .target = "prod",
               .started_at = clock_.now(),
               .host = std::move(name),
               .version = "1"},
          lease_({.http = {.service = "elasticsearch"}, .endpoints = {search.url()}},
                 lease_ttl,
                 loss,
                 {.world = world_, .settings = settings_, .run = run_, .log = log_}) {}

    /// Who is in the way; empty: nobody.
    std::string take(std::chrono::milliseconds wait = 0ms) {
        const auto other = lease_.take({"rotate", "indices"}, wait);
        return other ? other->owner : std::string();
    }

    RunLease& lease() { return lease_; }

    StopSignal& stop() { return stop_; }

 private:
    SystemClock clock_{};
    StopSignal stop_{};
    Console console_{-1};
    StatusLine status_{};
    Log log_{LogLevel::off, LogFormat::plain};
    Settings settings_{};
    World world_{.clock = clock_,
                 .stop = stop_,
                 .console = console_,
                 .connect = {.http = make_curl_http},
                 .make_metric_sink = {},
                 .environment = {},
                 .status = status_,
                 .ask = {}};
    RunInfo run_;
    RunLease lease_;
};

class LeaseRace : public ::testing::TestWithParam<const char*> {
 protected:
    InterferedSearch search_{GetParam()};

    /// The ids of the leases that stand there.
    std::set<std::string> leases() {
        return search_.with_state([](SearchState& state) {
            std::set<std::string> ids;
            for (const auto& [id, document] : state.indices["caretaker-locks"].stored) {
                if (!document.is_deleted) {
                    ids.insert(id);
                }
            }
            return ids;
        });
    }

    /// Writes the lease on `lock` as another run would that has taken it over.
    void hand_over(const std::string& lock, std::chrono::milliseconds left) {
        search_.with_state([&](SearchState& state) {
            auto& index = state.indices["caretaker-locks"];
            auto& document = index.stored[lock + "@prod"];
            const WallTime now = SystemClock().now();
            document.source = format_lease({.lock = lock,
                                            .target = "prod",
                                            .owner = "run-third",
                                            .host = "third",
                                            .started_at = now,
                                            .expires_at = now + left});
            document.is_deleted = false;
            ++document.version;
            document.seq_no = index.next_seq_no++;
        });
    }
};

using Ids = std::set<std::string>;

TEST_P(LeaseRace, IsWonByOneHost) {
    Host a(search_, "a");
    Host b(search_, "b");
    EXPECT_EQ(a.take(), "");
    EXPECT_EQ(b.take(), "run-a");
    EXPECT_EQ(leases(), (Ids{"indices@prod", "rotate@prod"}));
    a.lease().release();
    EXPECT_EQ(leases(), Ids{});
    EXPECT_EQ(b.take(), "");
}

TEST_P(LeaseRace, LeavesNothingOfWhoLostASecondLock) {
    Host a(search_, "a");
    hand_over("rotate", 60s);
    EXPECT_EQ(a.take(), "run-third");
    EXPECT_EQ(leases(), Ids{"rotate@prod"}) << "indices@prod was given back";
}

TEST_P(LeaseRace, TakesOverWhatIsLongOver) {
    Host a(search_, "a");
    hand_over("rotate", -9s);
    EXPECT_EQ(a.take(), "run-third") << "clocks differ";
    hand_over("rotate", -11s);
    EXPECT_EQ(a.take(), "");
    EXPECT_NO_THROW(a.lease().require(30s));
}

TEST_P(LeaseRace, WaitsForTheOther) {
    Host a(search_, "a");
    Host b(search_, "b");
    ASSERT_EQ(a.take(), "");
    const std::size_t before = search_.server().requests().size();
    std::thread releasing([&] {
        search_.server().wait_for_requests(before + 3);  // the engine, a first look, a second
        a.lease().release();
    });
    EXPECT_EQ(b.take(60s), "");
    releasing.join();
}

TEST_P(LeaseRace, IsOursThoughTheAnswerWasLost) {
    Host a(search_, "a");
    search_.interfere(
        [done = false](SearchState& state,
                       const HttpRequest& request) mutable -> std::optional<ServedAnswer> {
            if (done || request.url.find("op_type=create") == std::string::npos) {
                return std::nullopt;
            }
            done = true;
            sandbox::answer_search(state, request);
            return ServedAnswer{.status = 503, .headers = {{"Retry-After", "0"}}, .body = "{}"};
        });
    EXPECT_EQ(a.take(), "");
    a.lease().release();
    EXPECT_EQ(leases(), Ids{});
}

TEST_P(LeaseRace, IsRenewedAsLongAsTheRunLasts) {
    Host a(search_, "a", short_ttl);
    ASSERT_EQ(a.take(), "");
    const std::size_t before = search_.server().requests().size();
    search_.server().wait_for_requests(before + 6);  // three renewals of two leases
    EXPECT_NO_THROW(a.lease().require(1s));
    EXPECT_EQ(a.lease().trouble(), "");
    a.lease().release();
    EXPECT_EQ(leases(), Ids{});
}

TEST_P(LeaseRace, StopsTheRunWhoseLeaseAnotherOneHas) {
    Host a(search_, "a", short_ttl);
    ASSERT_EQ(a.take(), "");
    hand_over("rotate", 60s);
    EXPECT_FALSE(a.stop().wait_for(60s)) << "the renewal finds it";
    EXPECT_EQ(a.stop().signal(), StopSignal::lease_lost);
    EXPECT_THROW(a.lease().require(0ms), Interrupted);
    EXPECT_NE(a.lease().trouble().find("rotate@prod was taken over"), std::string::npos);
    a.lease().release();
    EXPECT_EQ(leases(), Ids{"rotate@prod"}) << "the other one's stays";
}

TEST_P(LeaseRace, IsANoteToARunThatReads) {
    Host a(search_, "a", short_ttl, LeaseLoss::is_a_note);
    ASSERT_EQ(a.take(), "");
    hand_over("indices", 60s);
    const std::size_t before = search_.server().requests().size();
    search_.server().wait_for_requests(before + 2);
    a.lease().release();
    EXPECT_FALSE(a.stop().requested());
    EXPECT_EQ(leases(), Ids{"indices@prod"});
}

TEST_P(LeaseRace, SurvivesTheLossOfItsIndex) {
    Host a(search_, "a", short_ttl);
    ASSERT_EQ(a.take(), "");
    search_.with_state([](SearchState& state) { state.indices.erase("caretaker-locks"); });
    const std::size_t before = search_.server().requests().size();
    search_.server().wait_for_requests(before + 8);
    a.lease().release();
    EXPECT_FALSE(a.stop().requested());
}

TEST_P(LeaseRace, DoesNotLastForAChangeThatTakesLonger) {
    Host a(search_, "a");
    ASSERT_EQ(a.take(), "");
    EXPECT_NO_THROW(a.lease().require(30s));
    EXPECT_THROW(a.lease().require(60s), Interrupted);
    EXPECT_NE(a.lease().trouble().find("set lock.ttl to more than 1m30s"), std::string::npos)
        << a.lease().trouble();
    EXPECT_EQ(a.stop().signal(), StopSignal::lease_lost);
}

TEST_P(LeaseRace, HangsNobodyWhereNoAnswerComes) {
    Host a(search_, "a", short_ttl);
    ASSERT_EQ(a.take(), "");
    search_.interfere([](SearchState&, const HttpRequest&) {
        return std::optional(ServedAnswer{.conduct = ServerConduct::hang});
    });
    const std::size_t before = search_.server().requests().size();
    search_.server().wait_for_requests(before + 1);
    const auto start = std::chrono::steady_clock::now();
    a.lease().release();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 30s) << "its time-outs, and no more";
}

TEST_P(LeaseRace, NeedsTheRightToWrite) {
    search_.interfere([](SearchState&, const HttpRequest& request) {
        return request.method == HttpMethod::get
                   ? std::nullopt
                   : std::optional(ServedAnswer{.status = 401, .body = "{}"});
    });
    Host a(search_, "a");
    try {
        a.take();
        ADD_FAILURE() << "it was taken without rights";
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.failure(), RemoteFailure::denied);
    }
}

TEST_P(LeaseRace, IsKeptWhereDocumentsMakeNoIndices) {
    search_.state().cluster_settings["action.auto_create_index"] = "false";
    Host a(search_, "a");
    EXPECT_EQ(a.take(), "");
}

TEST_P(LeaseRace, EndsAfterAFewConflicts) {
    search_.interfere([](SearchState&, const HttpRequest& request) {
        return request.method == HttpMethod::put && request.url.find('?') != std::string::npos
                   ? std::optional(ServedAnswer{.status = 409, .body = "{}"})
                   : std::nullopt;
    });
    Host a(search_, "a");
    EXPECT_THROW(a.take(), RemoteError);
}

std::string engine_name(const ::testing::TestParamInfo<const char*>& parameter) {
    std::string name(parameter.param);
    for (char& c : name) {
        c = c == '.' || c == '-' ? '_' : c;
    }
    return name;
}

INSTANTIATE_TEST_SUITE_P(Every,
                         LeaseRace,
                         ::testing::Values("opensearch-2.19.3",
                                           "elasticsearch-7.17.28",
                                           "elasticsearch-6.5.4",
                                           "elasticsearch-2.4.6"),
                         engine_name);

}  // namespace
}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
// The scheduler HTTP API of a Mesos master: subscriptions, offers, and the calls beside them.
#pragma once

#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/mesos_master.hpp"
#include "tests/sandbox/wake_up_list.hpp"
#include "tests/support/fake_server.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

struct SchedulerOptions {
    /// Records are sent in chunks of so many bytes, wherever that cuts them; 0: one a chunk.
    std::size_t chunk_bytes = 0;
    std::chrono::milliseconds heartbeat{15'000};
    std::chrono::milliseconds allocation_interval{1'000};
};

/// Safe to use from any thread.
class MesosScheduler {
 public:
    explicit MesosScheduler(FakePlatform& platform, SchedulerOptions options = {});

    /// POST /api/v1/scheduler on a master of `scene` that leads.
    ServedAnswer answer(const MesosScene& scene, const HttpRequest& request);

    /// POST /master/teardown with the form field frameworkId.
    ServedAnswer tear_down(const HttpRequest& request);

    /// Takes back every offer that is held: RESCIND.
    void rescind_offers();

    /// Ends all streams with an ERROR record.
    void fail_streams(const std::string& message);

    /// Ends all streams without a word; the frameworks go with them.
    void drop_streams();

    /// Frameworks with a stream.
    [[nodiscard]] std::size_t streams() const;

    /// Waits until so many are left.
    void wait_for_streams(std::size_t count);

    /// Of a framework with a stream, else empty.
    [[nodiscard]] std::string stream_id(const std::string& framework_id) const;

 private:
    struct Subscription {
        std::size_t framework = 0;
        std::string stream_id{};
        std::vector<std::string> events{};  // JSON
        bool is_over = false;
        std::set<std::string> suppressed{};  // roles
        /// Until when an agent is not offered to a role again.
        std::map<std::pair<std::size_t, std::string>, std::int64_t> filters{};
    };

    using SubscriptionPtr = std::shared_ptr<Subscription>;
    struct Call;

    ServedAnswer subscribe(const MesosScene& scene, const Call& call);
    ServedAnswer carry_out(const Call& call, Subscription& subscription);
    void decline(const Call& call, Subscription& subscription);
    void reconcile(const Call& call, Subscription& subscription);
    void change_suppression(const Call& call, Subscription& subscription, bool is_suppressed);
    void allocate(Subscription& subscription);
    void end(Subscription& subscription);
    [[nodiscard]] std::size_t count_streams() const;
    void stream_events(const SubscriptionPtr& subscription, ServedStream& stream);

    FakePlatform& platform_;
    SchedulerOptions options_;
    mutable std::mutex mutex_{};
    std::condition_variable ended_{};
    WakeUpList waiters_{};
    std::map<std::string, SubscriptionPtr> subscriptions_{};  // by framework id
};

}  // namespace caretaker::sandbox

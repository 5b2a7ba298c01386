// SPDX-License-Identifier: Apache-2.0
// Marathon 0.8 to 1.11 as a job changes apps through it: /v2/apps and /v2/deployments.
#pragma once

#include "common/clients/json_answer.hpp"
#include "common/json/json_view.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

class Clock;
class StopSignal;

/// What became of a change that was asked for.
struct MarathonChange {
    enum class Outcome {
        done,     // taken; the deployment, if there is one, may still be under way
        locked,   // a deployment is in the way (409)
        gone,     // there is no such app (404)
        exists,   // there is one already (409 for POST)
        refused,  // the definition or the request is wrong (400, 422)
        denied,   // 401, 403
    };

    Outcome outcome = Outcome::done;
    std::string deployment{};  // its id; empty: none is under way
    std::string message{};     // Marathon's, unless it is done
};

/// What an answer to PATCH, PUT, POST or DELETE of an app means. Throws RemoteError for all else,
/// e.g. that nobody leads.
MarathonChange judge_marathon_change(std::string_view service,
                                     const HttpRequest& request,
                                     const HttpResponse& response);

/// All throw RemoteError, and JsonError for an answer that cannot be read. Nothing is ever forced:
/// that would cancel somebody else's deployment.
class MarathonControl {
 public:
    explicit MarathonControl(ServiceHttp& http) : http_(http) {}

    /// Hands out the apps one after the other, with tasks, counts and deployments; `selector`
    /// ("caretaker.kibana==true") chooses by labels, empty: all. `begin` is called before the first
    /// of them, and again where the list begins anew because an answer broke off.
    void read_apps(std::string_view selector,
                   const std::function<void()>& begin,
                   const std::function<void(JsonView app)>& take);

    /// False where there is no such app.
    bool read_app(const std::string& id, const std::function<void(JsonView app)>& take);

    /// The definition of that version, as text. Throws RemoteError where there is none.
    std::string fetch_definition(const std::string& id, const std::string& version);

    /// Of the oldest definition that Marathon keeps, as it writes times; empty where it keeps none.
    std::string fetch_oldest_version(const std::string& id);

    /// Ids of the apps that wait for a place, or whose start is delayed.
    std::vector<std::string> fetch_queued();

    /// Changes nothing but the number of instances.
    MarathonChange scale(const std::string& id, std::int64_t instances);

    MarathonChange remove(const std::string& id);

    /// `body` is a definition, without what Marathon adds to it.
    MarathonChange create(std::string body);

    /// Whether a deployment of that id is still under way.
    bool is_deploying(const std::string& deployment);

    /// Waits until it is not; false when `limit` is over before. Throws Interrupted.
    bool wait_for(const std::string& deployment,
                  std::chrono::milliseconds limit,
                  Clock& clock,
                  const StopSignal& stop);

 private:
    /// Where the answer to a change was lost, what locks the app at the second try may be the
    /// deployment that the first one began.
    void recognise_own(const std::string& id, std::int64_t instances, MarathonChange& change);

    MarathonChange change(const HttpRequest& request);
    bool has_patch();

    ServiceHttp& http_;
    std::optional<bool> has_patch_{};
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// All managed Kibanas as one round sees them: Marathon's apps, what the store remembers, and what
// the signals of use say.
#pragma once

#include "common/clients/marathon_control.hpp"
#include "jobs/kibana/access_log_signal.hpp"
#include "jobs/kibana/kibana_memory.hpp"
#include "jobs/kibana/kibana_settings.hpp"
#include "jobs/kibana/recycle_plan.hpp"
#include "jobs/kibana/signal_memory.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

class JobMemory;
class ServiceHttp;
struct Context;

/// Which signals a round reads of all apps; the rest is asked only of those that look unused.
enum class StatusReading { of_the_quiet, of_all };

class KibanaFleet {
 public:
    /// `memory` may be null: nothing is remembered. All three outlive this object. Asks nobody yet.
    KibanaFleet(const KibanaSettings& settings, Context& context, JobMemory* memory);
    ~KibanaFleet();
    KibanaFleet(const KibanaFleet&) = delete;
    KibanaFleet& operator=(const KibanaFleet&) = delete;

    /// Reads Marathon. Throws RemoteError and JsonError: without it nothing is known.
    void read_apps();

    /// Reads the signals; what is wrong with one is its trouble. Then judge() has what it needs.
    void read_signals(StatusReading reading);

    /// Looks closer at apps that are about to be told or suspended, by their indices: since when
    /// there are any definitions of them, what they say of their use now, when their objects were
    /// last changed. Once.
    void look_closer(const std::vector<std::size_t>& quiet);

    /// Asks the proxies, and the store, once more: what speaks for the app that was not known when
    /// it was judged ("it was used (proxy)"); empty: nothing. A proxy that does not answer says
    /// nothing; how long nothing need be known was part of the verdict. Throws StoreError,
    /// JsonError and Interrupted.
    [[nodiscard]] std::string find_late_use(const KibanaFacts& kibana);

    /// Decides each app, by what is known now.
    void judge();

    /// Keeps what was learned for the next round, and sends the canaries that it will look for in
    /// the access log. Nothing in a dry run, or where nothing is remembered. Throws StoreError.
    void close_round();

    [[nodiscard]] const std::vector<KibanaFacts>& kibanas() const { return kibanas_; }

    [[nodiscard]] const std::vector<JudgedKibana>& judged() const { return judged_; }

    [[nodiscard]] const std::vector<KibanaSignal>& signals() const { return signals_; }

    [[nodiscard]] KibanaStates& states() { return states_; }

    /// That of an app, with its labels.
    [[nodiscard]] KibanaPolicy policy_of(const KibanaFacts& kibana) const;

    /// Requests of an app that look like use and are the same by day and night.
    [[nodiscard]] std::optional<SteadyTraffic> background_of(const std::string& app) const;

    /// How many run at all.
    [[nodiscard]] std::int64_t running() const;

    /// Requests by app and day of the last four weeks, from the access log; empty without one.
    [[nodiscard]] std::map<std::string, std::vector<std::int64_t>, std::less<>> days_of_use();

    /// The managed apps as they are now, by their ids. Throws RemoteError and JsonError.
    [[nodiscard]] std::map<std::string, KibanaApp, std::less<>> fetch_apps();

    [[nodiscard]] WallTime now() const { return now_; }

    [[nodiscard]] MarathonControl& marathon() { return marathon_; }

 private:
    void for_each_managed(const std::function<void()>& begin,
                          const std::function<void(JsonView app, const KibanaLabels&)>& take);
    [[nodiscard]] bool is_managed(const std::string& id, const KibanaLabels& labels) const;
    [[nodiscard]] AccessLogAsked log_question() const;
    void note_gone();
    void send_round_of_canaries();
    bool is_listed(const std::string& id) const;
    void merge_use();
    void read_ages(const std::vector<std::size_t>& quiet);
    void read_statuses_of(const std::vector<const KibanaApp*>& apps);

    const KibanaSettings& settings_;
    Context& context_;
    JobMemory* memory_;
    WallTime now_{};
    std::unique_ptr<ServiceHttp> marathon_http_;
    MarathonControl marathon_;
    std::unique_ptr<ServiceHttp> search_http_{};
    std::unique_ptr<HttpClient> kibana_http_{};
    std::unique_ptr<HttpClient> proxy_http_{};
    std::vector<KibanaFacts> kibanas_{};
    std::vector<JudgedKibana> judged_{};
    std::vector<KibanaSignal> signals_{};
    std::size_t ops_ = 0;  // which of them is what the Kibanas say themselves
    KibanaStates states_{};
    SignalMemory signal_memory_{};
};

}  // namespace caretaker

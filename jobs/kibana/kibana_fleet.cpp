// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/kibana_fleet.hpp"

#include "common/base/clock.hpp"
#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/http/one_try_http.hpp"
#include "common/json/json_error.hpp"
#include "common/store/job_memory.hpp"
#include "common/text/timestamp.hpp"
#include "jobs/kibana/proxy_signal.hpp"
#include "jobs/kibana/saved_objects_signal.hpp"
#include "jobs/kibana/status_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view managed_label = "caretaker.kibana==true";
constexpr std::int64_t days_shown = 28;

bool matches_any(const std::vector<NamePattern>& patterns, const std::string& id) {
    return std::ranges::any_of(patterns,
                               [&](const NamePattern& pattern) { return pattern.matches(id); });
}

/// Lines of canaries are told apart by them: whose run it was, and through which proxy.
std::vector<std::string> canary_agents(const RunInfo& run, std::size_t proxies) {
    std::vector<std::string> agents;
    for (std::size_t i = 1; i <= proxies; ++i) {
        agents.push_back(fmt::format("caretaker/{} (canary; {}; {})", run.version, run.uid, i));
    }
    return agents;
}

}  // namespace

KibanaFleet::KibanaFleet(const KibanaSettings& settings, Context& context, JobMemory* memory)
    : settings_(settings),
      context_(context),
      memory_(memory),
      now_(context.clock.now()),
      marathon_http_(std::make_unique<ServiceHttp>(settings.marathon, context)),
      marathon_(*marathon_http_) {
    if (settings.search) {
        search_http_ = std::make_unique<ServiceHttp>(*settings.search, context);
    }
    kibana_http_ = std::make_unique<OneTryHttp>(settings.kibana, context);
    proxy_http_ = std::make_unique<OneTryHttp>(HttpOptions{.service = "proxy"}, context);
}

KibanaFleet::~KibanaFleet() = default;

bool KibanaFleet::is_managed(const std::string& id, const KibanaLabels& labels) const {
    return labels.is_managed || matches_any(settings_.apps, id);
}

void KibanaFleet::for_each_managed(
    const std::function<void()>& begin,
    const std::function<void(JsonView app, const KibanaLabels&)>& take) {
    marathon_.read_apps(settings_.apps.empty() ? managed_label : "", begin, [&](JsonView listed) {
        const KibanaLabels labels = read_kibana_labels(read_app_labels(listed));
        if (is_managed(std::string(listed.at("id").text()), labels)) {
            take(listed, labels);
        }
    });
}

std::map<std::string, KibanaApp, std::less<>> KibanaFleet::fetch_apps() {
    std::map<std::string, KibanaApp, std::less<>> apps;
    const auto begin = [&] { apps.clear(); };
    for_each_managed(begin, [&](JsonView listed, const KibanaLabels&) {
        KibanaApp app = read_kibana_app(listed);
        std::string id = app.id;
        apps.insert_or_assign(std::move(id), std::move(app));
    });
    return apps;
}

void KibanaFleet::read_apps() {
    context_.progress.begin("reading Marathon's apps", {}, std::nullopt);
    states_ = load_kibana_states(memory_);
    const auto begin = [&] { kibanas_.clear(); };
    for_each_managed(begin, [&](JsonView listed, const KibanaLabels& labels) {
        KibanaFacts kibana{.app = read_kibana_app(listed), .labels = labels};
        kibana.is_protected_by_pattern = matches_any(settings_.protected_apps, kibana.app.id);
        kibanas_.push_back(std::move(kibana));
    });
    std::ranges::sort(kibanas_, {}, [](const KibanaFacts& kibana) { return kibana.app.id; });
    const auto queued = marathon_.fetch_queued();
    const std::set<std::string, std::less<>> waiting(queued.begin(), queued.end());
    for (KibanaFacts& kibana : kibanas_) {
        kibana.app.is_queued = waiting.contains(kibana.app.id);
        KibanaState& state = states_[kibana.app.id];
        state.gone_at.reset();
        kibana.state = state;
        if (was_woken_by_others(kibana)) {  // their will counts, and the clock begins anew
            state.resumed_at = kibana.app.scaled_at;
            state.suspended_at.reset();
            state.destroy_notice_at.reset();
            kibana.state = state;
        }
    }
    note_gone();
}

void KibanaFleet::note_gone() {
    for (auto& [id, state] : states_) {
        if (!is_listed(id) && !state.gone_at) {
            state.gone_at = now_;
        }
    }
}

bool KibanaFleet::is_listed(const std::string& id) const {
    return std::ranges::binary_search(
        kibanas_, id, {}, [](const KibanaFacts& kibana) { return kibana.app.id; });
}

KibanaPolicy KibanaFleet::policy_of(const KibanaFacts& kibana) const {
    return lengthened(settings_.policy, kibana.labels);
}

AccessLogAsked KibanaFleet::log_question() const {
    AccessLogAsked asked{.rules = settings_.access_log,
                         .back = settings_.policy.idle_after,
                         .apps = kibanas_.size(),
                         .now = now_};
    for (const KibanaFacts& kibana : kibanas_) {
        asked.back = std::max(asked.back, policy_of(kibana).idle_after);
    }
    return asked;
}

void KibanaFleet::read_signals(StatusReading reading) {
    context_.progress.begin("reading who was used", {}, std::nullopt);
    signal_memory_ = load_signal_memory(memory_);
    signals_.clear();
    if (search_http_) {
        signals_.push_back(
            read_access_log(*search_http_, log_question(), signal_memory_.access_log));
    }
    if (!settings_.proxies.empty()) {
        signals_.push_back(read_proxies(*proxy_http_, settings_.proxies, now_));
    }
    ops_ = signals_.size();
    signals_.push_back({.name = "ops", .watched_of = signal_memory_.statuses});
    if (reading == StatusReading::of_all) {
        std::vector<const KibanaApp*> apps;
        for (const KibanaFacts& kibana : kibanas_) {
            apps.push_back(&kibana.app);
        }
        read_statuses_of(apps);
    }
    merge_use();
}

void KibanaFleet::read_statuses_of(const std::vector<const KibanaApp*>& apps) {
    const KibanaSignal read = read_statuses(*kibana_http_,
                                            apps,
                                            {.background = settings_.background,
                                             .scheme = settings_.scheme,
                                             .base_path = settings_.base_path,
                                             .now = now_});
    add_status_spans(signal_memory_.statuses, read);
    for (const auto& [app, per_minute] : read.unexplained) {
        note_traffic(signal_memory_.traffic, app, {.at = now_, .per_minute = per_minute});
    }
    signals_[ops_] = read;
    signals_[ops_].watched_of = signal_memory_.statuses;
}

void KibanaFleet::merge_use() {
    for (KibanaFacts& kibana : kibanas_) {
        const std::string& id = kibana.app.id;
        KibanaState& state = states_[id];
        const auto seen = find_latest_use(signals_, id);
        if (seen && (!state.last_activity || seen->at > *state.last_activity)) {
            state.last_activity = seen->at;
            state.activity_source = seen->source;
        }
        kibana.state = state;
        kibana.watched = watched_by(signals_, id);
    }
}

void KibanaFleet::look_closer(const std::vector<std::size_t>& quiet) {
    if (quiet.empty()) {
        return;
    }
    std::vector<const KibanaApp*> apps;
    for (const std::size_t index : quiet) {
        apps.push_back(&kibanas_[index].app);
    }
    context_.progress.begin("looking closer at those nobody used", {}, std::nullopt);
    read_ages(quiet);
    read_statuses_of(apps);
    if (search_http_) {
        IndexUsers users;
        for (const KibanaFacts& kibana : kibanas_) {
            ++users[kibana.app.index];
        }
        signals_.push_back(read_saved_objects(*search_http_,
                                              {.apps = apps, .users = users, .now = now_},
                                              signal_memory_.saved_objects));
    }
    merge_use();
}

std::string KibanaFleet::find_late_use(const KibanaFacts& kibana) {
    const std::string& id = kibana.app.id;
    const WallTime now = context_.clock.now();
    const auto noted = memory_ == nullptr ? std::nullopt : load_kibana_state(*memory_, id);
    if (noted && noted->protected_until && *noted->protected_until > now) {
        return "it was protected";
    }
    if (noted && noted->last_activity > kibana.state.last_activity) {
        return fmt::format("it was used ({})", noted->activity_source);
    }
    if (!settings_.proxies.empty()) {
        const auto seen = find_latest_use({read_proxies(*proxy_http_, settings_.proxies, now)}, id);
        if (seen && (!kibana.state.last_activity || seen->at > *kibana.state.last_activity)) {
            return fmt::format("it was used ({})", seen->source);
        }
    }
    return {};
}

void KibanaFleet::read_ages(const std::vector<std::size_t>& quiet) {
    for (const std::size_t index : quiet) {
        KibanaApp& app = kibanas_[index].app;
        const auto min_age = settings_.policy.min_age;
        const bool is_surely_old = app.configured_at && now_ - *app.configured_at >= min_age;
        if (!is_surely_old) {
            app.made_at = parse_rfc3339(marathon_.fetch_oldest_version(app.id));
        }
    }
}

void KibanaFleet::judge() {
    judged_.clear();
    for (const KibanaFacts& kibana : kibanas_) {
        judged_.push_back(
            {.id = kibana.app.id, .decision = decide_kibana(kibana, policy_of(kibana), now_)});
    }
}

std::optional<SteadyTraffic> KibanaFleet::background_of(const std::string& app) const {
    const auto found = signal_memory_.traffic.find(app);
    return found == signal_memory_.traffic.end() ? std::nullopt
                                                 : find_steady_traffic(found->second);
}

void KibanaFleet::send_round_of_canaries() {
    if (settings_.proxies.empty() || !search_http_) {
        return;
    }
    const auto agents = canary_agents(context_.run, settings_.proxies.size());
    send_canaries(*proxy_http_, settings_.proxies, agents);
    signal_memory_.access_log.canaries.add(
        {.sent = now_, .proxies = static_cast<std::int64_t>(agents.size()), .awaited = agents});
}

void KibanaFleet::close_round() {
    if (memory_ == nullptr || context_.run.dry_run) {
        return;
    }
    send_round_of_canaries();
    const auto is_gone = [&](const auto& entry) { return !is_listed(entry.first); };
    std::erase_if(signal_memory_.traffic, is_gone);
    std::erase_if(signal_memory_.saved_objects, is_gone);
    save_kibana_states(*memory_, states_, now_);
    save_signal_memory(*memory_, signal_memory_, now_);
}

std::int64_t KibanaFleet::running() const {
    return std::ranges::count_if(
        kibanas_, [](const KibanaFacts& kibana) { return kibana.app.instances > 0; });
}

std::map<std::string, std::vector<std::int64_t>, std::less<>> KibanaFleet::days_of_use() {
    if (!search_http_) {
        return {};
    }
    std::string trouble;
    // Caught because the list is of use without its picture.
    try {
        return read_log_days(*search_http_, log_question(), days_shown);
    } catch (const RemoteError& error) {
        trouble = error.what();
    } catch (const JsonError& error) {
        trouble = error.what();
    }
    const bool is_told = std::ranges::any_of(
        signals_, [&](const KibanaSignal& signal) { return signal.trouble == trouble; });
    if (!is_told) {
        context_.log.warning(trouble);
    }
    return {};
}

}  // namespace caretaker

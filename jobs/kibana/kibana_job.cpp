// SPDX-License-Identifier: Apache-2.0
// The command `kibana`: its forms, and what they make of a run.
#include "jobs/kibana/kibana_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/time_argument.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/config/select_target.hpp"
#include "common/config/settings.hpp"
#include "common/options/command_options.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "common/text/duration.hpp"
#include "jobs/kibana/hand_task.hpp"
#include "jobs/kibana/kibana_fleet.hpp"
#include "jobs/kibana/kibana_report.hpp"
#include "jobs/kibana/kibana_settings.hpp"
#include "jobs/kibana/provision_request.hpp"
#include "jobs/kibana/provision_task.hpp"
#include "jobs/kibana/recycle_task.hpp"
#include "jobs/kibana/sample_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "kibana",
    .summary = "Suspend Kibanas that nobody uses, and wake them again",
    .description =
        "Looks after the Kibanas that are Marathon apps with the label caretaker.kibana=true. "
        "`recycle` is one round: it learns from the proxies' access log, from the proxies and from "
        "the Kibanas themselves who was used, tells the owners of those that nobody uses, suspends "
        "them after a while by scaling them to 0, wakes those that somebody asked for, and takes "
        "those out of Marathon that stayed suspended for long. Where nobody can say whether a "
        "Kibana is used, nothing happens to it. Dashboards are never touched.",
    .examples =
        "  caretaker kibana list\n"
        "      every Kibana, its use of the last 28 days, and what comes next\n"
        "  caretaker kibana recycle --dry-run\n"
        "      what a round would do, and why\n"
        "  caretaker kibana explain /kibana/ads\n"
        "      the evidence behind the verdict of one\n"
        "  caretaker kibana wake /kibana/ads\n"
        "      bring it back, and wait until it is ready\n"
        "  caretaker kibana protect /kibana/ads --until 2027-01-31\n"
        "      leave it alone until then\n"
        "  caretaker kibana provision --app /kibana/ads --bundle ads/\n"
        "      make sure that its dashboards are there\n",
    .kind = JobKind::upkeep,
    .timeout = std::chrono::minutes(30),
    .lock_note =
        "; wake, suspend and restore wait:2m unless this says otherwise, provision wait:5m "
        "for another of the same app alone, touch and protect need no lock",
};

constexpr std::chrono::milliseconds longest_wait{std::chrono::hours(1)};

/// The app of that id if it is unused, by its index.
std::vector<std::size_t> find_quiet(const std::vector<JudgedKibana>& judged,
                                    const std::string& id) {
    const auto found = std::ranges::find(judged, id, &JudgedKibana::id);
    const bool is_quiet =
        found != judged.end() && (found->decision.verdict == KibanaVerdict::idle ||
                                  found->decision.verdict == KibanaVerdict::idle_soon);
    return is_quiet ? std::vector{static_cast<std::size_t>(found - judged.begin())}
                    : std::vector<std::size_t>();
}

/// Each once, in the order in which they were named first.
std::vector<std::string> without_repetition(const std::vector<std::string>& apps) {
    std::vector<std::string> once;
    for (const std::string& app : apps) {
        if (std::ranges::find(once, app) == once.end()) {
            once.push_back(app);
        }
    }
    return once;
}

class KibanaJob final : public UpkeepJob {
 public:
    void describe(CommandOptions& command) override {
        list_ = add_form(command, "list", "Show every Kibana, its use, and what comes next");
        recycle_ = add_form(command, "recycle", "One round: tell, suspend, wake, destroy");
        sample_ = add_form(command, "sample", "Only collect the signals of use, for later rounds");
        explain_ = add_form(command, "explain", "Show the evidence behind the verdict of one");
        explain_.add("app", explained_, "Its id in Marathon", {.type = "APP", .required = true});
        wake_ = add_form(command, "wake", "Wake, or make anew, and wait until it is ready");
        add_apps(wake_);
        add_wait(wake_);
        suspend_ = add_form(command, "suspend", "Suspend by hand, whatever its use");
        add_apps(suspend_);
        suspend_.add_flag("--even-protected",
                          hand_.even_protected,
                          "Also one that a label, the configuration or `protect` protects");
        restore_ = add_form(command, "restore", "Make an app anew that was taken out of Marathon");
        add_apps(restore_);
        add_wait(restore_);
        touch_ = add_form(command, "touch", "Count as used now");
        add_apps(touch_);
        protect_ = add_form(command, "protect", "Leave alone until a day");
        add_apps(protect_);
        protect_.add("--until",
                     until_,
                     "Until when: a date, a time, or a duration from now on",
                     {.type = "TIME", .required = true});
        provision_ = add_form(command,
                              "provision",
                              "Make sure that a team's index patterns and dashboards are there");
        provision_options_.describe(provision_);
        command.require_form();
    }

    [[nodiscard]] JobKind kind_of_form(JobKind announced) const override {
        return list_.is_given() || explain_.is_given() ? JobKind::inspect : announced;
    }

    [[nodiscard]] bool needs_consent() const override {
        return recycle_.is_given() || suspend_.is_given() ||
               (provision_.is_given() && provision_options_.overwrites_drift());
    }

    /// What a person asks for is done once the run in the way is over, and what a pipeline asks for
    /// too. A touch and a protection are one transaction of the store, which goes beside a round;
    /// provisioning changes nothing that a round decides by, but keeps out its own kind.
    [[nodiscard]] UpkeepLock lock_of_form(const std::string& job) const override {
        if (touch_.is_given() || protect_.is_given()) {
            return {};
        }
        if (provision_.is_given()) {
            return {.names = {fmt::format(
                        "{}-provision {}", job, provision_options_.request().place())},
                    .wait = std::chrono::minutes(5)};
        }
        if (wake_.is_given() || suspend_.is_given() || restore_.is_given()) {
            return {.names = {job}, .wait = std::chrono::minutes(2)};
        }
        return {.names = {job}};
    }

    /// A round has its own brake (kibana.max_percent), which still wakes; by hand one knows.
    [[nodiscard]] BrakeLimits brake_limits() const override { return {.max_percent = {}}; }

    void configure(const Settings& settings, const std::string& target) override {
        const bool only_shows = kind_of_form(JobKind::upkeep) == JobKind::inspect;
        target_ = only_shows ? select_target(target, settings) : target;
        if (provision_.is_given()) {
            provision_options_.configure(settings, target_, marathon_urls_);
            return;
        }
        hand_.apps = without_repetition(hand_.apps);
        settings_ = load_kibana_settings(settings, target_, marathon_urls_);
        if (recycle_.is_given() && settings_.policy.require_notice && settings_.webhooks.empty()) {
            throw UsageError(
                "kibana.webhook.urls: no webhook is named, so that nobody would be told before a "
                "Kibana is suspended; name one, or set kibana.require_notice: false");
        }
        if (protect_.is_given()) {
            const WallTime now = SystemClock().now();
            const auto until = parse_future_time(until_, now);
            if (!until || *until <= now) {
                throw UsageError(fmt::format(
                    "--until: '{}' is no time in the future; write 2027-01-31, or 30d", until_));
            }
            hand_.protect_until = *until;
        }
    }

    std::unique_ptr<UpkeepTask> begin(Context& context) override {
        if (recycle_.is_given()) {
            return begin_recycling(settings_, context);
        }
        if (sample_.is_given()) {
            return begin_sampling(settings_, context);
        }
        if (provision_.is_given()) {
            return begin_provisioning(provision_options_.request(), context);
        }
        hand_.kind = suspend_.is_given()   ? HandKind::suspend
                     : restore_.is_given() ? HandKind::restore
                     : touch_.is_given()   ? HandKind::touch
                     : protect_.is_given() ? HandKind::protect
                                           : HandKind::wake;
        return begin_by_hand(hand_, settings_, context);
    }

    Report show(Context& context) override {
        std::optional<JobMemory> memory;
        if (context.store != nullptr) {
            memory.emplace(context.store->memory(info.name, target_));
        }
        KibanaFleet fleet(settings_, context, memory ? &*memory : nullptr);
        fleet.read_apps();
        fleet.read_signals(StatusReading::of_the_quiet);
        fleet.judge();
        for (const KibanaSignal& signal : fleet.signals()) {
            if (!signal.trouble.empty()) {  // what is only shown has no findings
                context.log.warning(fmt::format("{}: {}", signal.name, signal.trouble));
            }
        }
        if (explain_.is_given()) {
            fleet.look_closer(find_quiet(fleet.judged(), explained_));
            fleet.judge();
            return explain_kibana(fleet, settings_, explained_);
        }
        return make_fleet_report(
            fleet,
            settings_,
            {.days = fleet.days_of_use(), .with_days = true, .ascii = context.audience.ascii});
    }

 private:
    CommandOptions add_form(CommandOptions& command,
                            std::string_view name,
                            std::string_view summary) {
        CommandOptions form = command.add_form(name, summary);
        form.add("--marathon-url",
                 marathon_urls_,
                 "Address of Marathon; repeatable, instead of the target's",
                 {.type = "URL"});
        return form;
    }

    void add_apps(CommandOptions& form) {
        form.add("app", hand_.apps, "Ids in Marathon", {.type = "APP", .required = true});
    }

    void add_wait(CommandOptions& form) {
        form.add_reader("--wait",
                        [this](const std::string& text) {
                            const auto wait = parse_duration(text);
                            if (!wait || *wait > longest_wait) {
                                return fmt::format(
                                    "'{}' is no duration of up to 1h; write 120s or 5m", text);
                            }
                            hand_.wait = *wait;
                            return std::string();
                        },
                        "How long until it must be ready (default 120s)",
                        {.type = "DURATION"});
    }

    CommandOptions list_{};
    CommandOptions recycle_{};
    CommandOptions sample_{};
    CommandOptions explain_{};
    CommandOptions wake_{};
    CommandOptions suspend_{};
    CommandOptions restore_{};
    CommandOptions touch_{};
    CommandOptions protect_{};
    CommandOptions provision_{};
    ProvisionOptions provision_options_{};
    std::vector<std::string> marathon_urls_{};
    std::string explained_{};
    std::string until_{};
    std::string target_{};
    HandRequest hand_{};
    KibanaSettings settings_{};
};

std::unique_ptr<Job> make_kibana_job() {
    return std::make_unique<KibanaJob>();
}

}  // namespace

JobEntry kibana_job_entry() {
    return {.info = info, .make = make_kibana_job};
}

}  // namespace caretaker

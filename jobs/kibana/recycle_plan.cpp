// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/recycle_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace caretaker {

namespace {

constexpr std::int64_t always_allowed = 2;

/// The apps of that step, the longest unused first; of those alike by id.
std::vector<std::size_t> apps_of(std::span<const JudgedKibana> apps, KibanaStep step) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < apps.size(); ++i) {
        if (apps[i].decision.step == step) {
            found.push_back(i);
        }
    }
    std::ranges::sort(found, {}, [&](std::size_t i) {
        return std::tuple(apps[i].decision.quiet_since, std::string_view(apps[i].id));
    });
    return found;
}

/// Moves what is beyond `limit` to `rest`.
void cut(std::vector<std::size_t>& apps, std::int64_t limit, std::vector<std::size_t>& rest) {
    const auto kept = std::min(apps.size(), static_cast<std::size_t>(limit));
    rest.insert(rest.end(), apps.begin() + static_cast<std::ptrdiff_t>(kept), apps.end());
    apps.resize(kept);
}

std::string find_brake(std::size_t told,
                       std::size_t suspended,
                       std::size_t destroyed,
                       const KibanaPolicy& policy,
                       std::int64_t running) {
    const auto count = static_cast<std::int64_t>(told + suspended + destroyed);
    const std::int64_t limit = std::max(always_allowed, running * policy.max_percent / 100);
    if (count <= limit) {
        return {};
    }
    return fmt::format(
        "{} owners are to be told, {} apps to be suspended and {} to be destroyed, of {} that run; "
        "{} % of them, {}, are allowed at once: look whether the signals of use still arrive, and "
        "raise kibana.max_percent if they do",
        told,
        suspended,
        destroyed,
        running,
        policy.max_percent,
        limit);
}

}  // namespace

RoundPlan plan_round(std::span<const JudgedKibana> apps,
                     const KibanaPolicy& policy,
                     std::int64_t running) {
    RoundPlan plan;
    const auto add = [&](const std::vector<std::size_t>& of, KibanaStep step) {
        for (const std::size_t app : of) {
            (plan.brake.empty() ? plan.steps : plan.held).push_back({app, step});
        }
    };
    add(apps_of(apps, KibanaStep::resume), KibanaStep::resume);
    auto suspended = apps_of(apps, KibanaStep::suspend);
    auto destroyed = apps_of(apps, KibanaStep::destroy);
    const auto told = apps_of(apps, KibanaStep::notify);
    const auto told_of_end = apps_of(apps, KibanaStep::notify_destroy);
    const std::size_t due = suspended.size();
    cut(suspended, policy.batch, plan.postponed);
    cut(destroyed, policy.destroy_batch, plan.postponed);
    plan.brake = find_brake(told.size(), due, destroyed.size(), policy, running);
    if (!plan.brake.empty()) {
        plan.postponed.clear();
    }
    add(suspended, KibanaStep::suspend);
    add(destroyed, KibanaStep::destroy);
    add(told, KibanaStep::notify);
    add(told_of_end, KibanaStep::notify_destroy);
    return plan;
}

std::vector<std::size_t> apps_to_look_at(std::span<const JudgedKibana> apps,
                                         const KibanaPolicy& policy) {
    std::vector<std::size_t> chosen = apps_of(apps, KibanaStep::suspend);
    std::vector<std::size_t> rest;
    cut(chosen, policy.batch, rest);
    const auto told = apps_of(apps, KibanaStep::notify);
    chosen.insert(chosen.end(), told.begin(), told.end());
    return chosen;
}

void postpone_unseen(const std::vector<std::size_t>& seen, RoundPlan& round) {
    std::erase_if(round.steps, [&](const RoundStep& step) {
        const bool is_unseen =
            step.step == KibanaStep::suspend && std::ranges::find(seen, step.app) == seen.end();
        if (is_unseen) {
            round.postponed.push_back(step.app);
        }
        return is_unseen;
    });
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/leftovers_report.hpp"

#include "common/base/metric_builders.hpp"
#include "common/base/table_columns.hpp"
#include "jobs/leftovers/agents_table.hpp"
#include "jobs/leftovers/amount_cells.hpp"
#include "jobs/leftovers/explain_table.hpp"
#include "jobs/leftovers/leftovers_findings.hpp"
#include "jobs/leftovers/loss_table.hpp"
#include "jobs/leftovers/resources_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

bool has_no_room(const AppFit& fit) {
    return fit.unsupported.empty() && fit.fits == 0;
}

/// "3 maintenance, 2 draining": the states that some agent is in.
std::string describe_states(const ClusterFacts& facts, const AgentCounts& agents) {
    std::string words;
    const auto add = [&](std::int64_t count, std::string_view state) {
        if (count > 0) {
            words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, state);
        }
    };
    for (const AgentState state : all_agent_states) {
        if (state != AgentState::placeable) {
            add(agents.in_state(state), to_string(state));
        }
    }
    add(facts.unreachable.value_or(0), "unreachable");
    return words.empty() ? words : fmt::format(" ({})", words);
}

/// ", 12 apps, 2 without room".
std::string describe_apps(const Fits& fits) {
    const auto without_room = std::ranges::count_if(fits.apps, has_no_room);
    return fmt::format(
        ", {} app{}{}",
        fits.apps.size(),
        fits.apps.size() == 1 ? "" : "s",
        without_room == 0 ? std::string() : fmt::format(", {} without room", without_room));
}

std::string summarize(const LeftoversResult& result) {
    const AgentCounts& agents = result.leftovers.agents;
    if (result.facts->cluster.agents.empty()) {
        return "no agents found";
    }
    const std::int64_t placeable = agents.in_state(AgentState::placeable);
    const ResourceSums& cpus = result.leftovers.resources[Resource::cpus];
    const ResourceSums& mem = result.leftovers.resources[Resource::mem];
    return fmt::format("{} placeable agent{}{}, free {} of {} cpus, {} of {} MB mem{}",
                       placeable,
                       placeable == 1 ? "" : "s",
                       describe_states(*result.facts, agents),
                       format_milli(cpus.free),
                       format_milli(cpus.total),
                       format_milli(mem.free),
                       format_milli(mem.total),
                       result.fits ? describe_apps(*result.fits) : std::string());
}

Metric gauge(std::string name, double value, std::vector<Label> labels = {}) {
    Metric metric = make_gauge(std::move(name), value);
    metric.labels = std::move(labels);
    return metric;
}

void add_resource_numbers(const ResourceSums& sums, Report& report) {
    const auto add = [&](std::string_view name, Milli amount) {
        report.metrics.push_back(gauge(fmt::format("{}.{}", name, sums.name), to_number(amount)));
    };
    add("total", sums.total);
    add("used", sums.used);
    add("offered", sums.offered);
    add("free", sums.free);
    add("reserved_free", sums.reserved_free);
    add("dust", sums.dust);
    if (sums.revocable > 0) {
        add("revocable", sums.revocable);
    }
    if (const auto share = permille(sums.free, sums.total)) {
        report.metrics.push_back(
            gauge("free_ratio." + sums.name, static_cast<double>(*share) / 1000.0));
    }
    report.samples.push_back({.series = "leftovers.free",
                              .labels = {{"resource", sums.name}},
                              .value = to_number(sums.free)});
}

void add_numbers(const LeftoversResult& result, Report& report) {
    const AgentCounts& agents = result.leftovers.agents;
    for (const AgentState state : all_agent_states) {
        report.metrics.push_back(gauge(fmt::format("agents.{}", to_string(state)),
                                       static_cast<double>(agents.in_state(state))));
    }
    if (result.facts->unreachable) {
        report.metrics.push_back(
            gauge("agents.unreachable", static_cast<double>(*result.facts->unreachable)));
    }
    report.metrics.push_back(gauge("agents.dust", static_cast<double>(agents.dust)));
    report.metrics.push_back(gauge("agents.full", static_cast<double>(agents.full)));
    report.metrics.push_back(
        make_gauge("input_bytes", static_cast<double>(result.facts->input_bytes), "bytes"));
    for (const ResourceSums& sums : result.leftovers.resources) {
        if (sums.total > 0) {
            add_resource_numbers(sums, report);
        }
    }
}

/// Measures of how scattered the leftovers are.
void add_fragmentation(const LeftoversResult& result, Report& report) {
    const Fragmentation& found = result.fragmentation;
    const auto add = [&](std::string name, const std::optional<std::int64_t>& value, double unit) {
        if (value) {
            report.metrics.push_back(gauge(std::move(name), static_cast<double>(*value) / unit));
        }
    };
    constexpr double million = 1e6;
    add("agents.usable", found.usable, 1);
    add("agents.fragmented", found.fragmented, 1);
    add("frag.skew.cpus", found.cpus_skew, million);
    add("frag.skew.mem", found.mem_skew, million);
    add("frag.imbalance_mean", found.imbalance_mean, million);
    add("frag.imbalance_p95", found.imbalance_p95, million);
    add("frag.imbalance_max", found.imbalance_max, million);
    for (const ResourceSums& sums : result.leftovers.resources) {
        if (const auto share = permille(sums.largest, sums.free)) {
            report.metrics.push_back(
                gauge("frag.largest_block." + sums.name, static_cast<double>(*share) / 1000.0));
        }
        const auto share = permille(sums.expected.value_or(0), sums.free);
        if (sums.expected && share) {
            report.metrics.push_back(
                gauge("frag.expected." + sums.name, static_cast<double>(*share) / 1000.0));
        }
    }
    Table table{.title = "Fragmentation",
                .columns = {number_column("usable", "USABLE"),
                            number_column("fragmented", "FRAGMENTED"),
                            number_column("cpus_skew_percent", "CPUS-SKEW%"),
                            number_column("mem_skew_percent", "MEM-SKEW%"),
                            number_column("imbalance_mean_percent", "IMBALANCE%"),
                            number_column("imbalance_p95_percent", "P95%"),
                            number_column("imbalance_max_percent", "MOST%")}};
    const auto percent = [&](const std::optional<std::int64_t>& value) {
        return value ? percent_cell(*value, static_cast<Milli>(million)) : Cell();
    };
    table.rows.push_back({known(found.usable),
                          known(found.fragmented),
                          percent(found.cpus_skew),
                          percent(found.mem_skew),
                          percent(found.imbalance_mean),
                          percent(found.imbalance_p95),
                          percent(found.imbalance_max)});
    if (found.usable) {
        report.details.push_back(std::move(table));
    }
}

void add_groups(const LeftoversResult& result, const std::string& attribute, Report& report) {
    const auto groups = group_leftovers(result.facts->cluster, *result.view, attribute);
    // All of them first, as a line to compare with.
    std::vector<LeftoversGroup> rows{{"*", result.leftovers}};
    rows.insert(rows.end(), groups.begin(), groups.end());
    report.details.push_back(make_groups_table(attribute, rows));
    for (const LeftoversGroup& group : groups) {
        const std::vector<Label> labels{{"group", attribute}, {"value", group.value}};
        report.metrics.push_back(
            gauge("agents", static_cast<double>(group.leftovers.agents.registered), labels));
        for (std::size_t i = 0; i < resource_names.size(); ++i) {
            const ResourceSums& sums = group.leftovers.resources[i];
            if (sums.total > 0) {
                report.metrics.push_back(gauge("free." + sums.name, to_number(sums.free), labels));
            }
        }
    }
}

void add_app_numbers(const LeftoversResult& result, const AppsShown& shown, Report& report) {
    const Fits& fits = *result.fits;
    const auto count = [&](std::string name, auto holds) {
        report.metrics.push_back(
            gauge(std::move(name), static_cast<double>(std::ranges::count_if(fits.apps, holds))));
    };
    count("apps.total", [](const AppFit& /*fit*/) { return true; });
    count("apps.without_room", has_no_room);
    count("apps.stuck", [](const AppFit& fit) { return has_no_room(fit) && fit.waiting > 0; });
    if (fits.index_millionths) {
        report.metrics.push_back(
            gauge("frag.index", static_cast<double>(*fits.index_millionths) / 1e6));
    }
    for (const ResourceSums& sums : result.leftovers.resources) {
        const auto share = permille(sums.stranded.value_or(0), sums.free);
        if (sums.stranded && share) {
            report.metrics.push_back(
                gauge("frag.stranded." + sums.name, static_cast<double>(*share) / 1000.0));
        }
    }
    for (const std::size_t i : order_by_room(result.facts->workload, fits, shown)) {
        const AppFit& fit = fits.apps[i];
        const std::vector<Label> labels{{"app", result.facts->workload.apps[fit.app].id}};
        if (fit.unsupported.empty()) {
            report.metrics.push_back(gauge("fits", static_cast<double>(fit.fits), labels));
            report.samples.push_back({.series = "leftovers.fits",
                                      .labels = labels,
                                      .value = static_cast<double>(fit.fits)});
        }
    }
}

void add_apps(const LeftoversResult& result, const LeftoversShown& shown, Report& report) {
    const Workload& workload = result.facts->workload;
    if (shown.explained_app.empty()) {
        report.details.push_back(
            make_apps_table(workload, *result.fits, result.restarts, shown.apps));
    } else {
        report.details.push_back(
            make_explain_table(*result.facts, shown.explained_app, shown.explained_host));
    }
    add_app_numbers(result, shown.apps, report);
}

void add_quota(const ClusterFacts& facts, Report& report) {
    if (facts.quotas.empty()) {
        return;
    }
    report.details.push_back(make_quota_table(facts.quotas));
    for (const RoleQuota& quota : facts.quotas) {
        for (const auto& [resource, limit] : quota.limit.scalars) {
            const Milli left = std::max<Milli>(0, limit - quota.consumed.amount(resource));
            const std::vector<Label> role{{"role", quota.role}};
            report.metrics.push_back(gauge("quota_left." + resource, to_number(left), role));
            report.metrics.push_back(gauge("quota_limit." + resource, to_number(limit), role));
            report.samples.push_back({.series = "leftovers.quota_left",
                                      .labels = {role[0], {"resource", resource}},
                                      .value = to_number(left)});
        }
        for (const auto& [resource, guarantee] : quota.guarantee.scalars) {
            const Milli held = std::max<Milli>(0, guarantee - quota.consumed.amount(resource));
            report.metrics.push_back(
                gauge("held_back." + resource, to_number(held), {{"role", quota.role}}));
        }
    }
}

void add_losses(const LeftoversResult& result, Report& report) {
    constexpr std::size_t worst = 20;
    const Workload& workload = result.facts->workload;
    const auto add = [&](std::string title, const std::vector<LossCase>& losses) {
        Table table = make_loss_table(std::move(title), workload, losses, worst);
        if (!table.rows.empty()) {
            report.details.push_back(std::move(table));
        }
    };
    const auto worst_of = [](const std::vector<LossCase>& losses) {
        std::int64_t most = 0;
        for (const LossCase& loss : losses) {
            most = std::max(most, loss.lost - loss.expected);
        }
        return static_cast<double>(most);
    };
    if (result.draining_loss) {
        add("Without the draining agents these instances find no place", {*result.draining_loss});
        report.metrics.push_back(
            gauge("n1.lost_now", static_cast<double>(result.draining_loss->lost)));
    }
    if (result.agent_losses) {
        const std::vector<LossCase>& losses = *result.agent_losses;
        add("Without one agent these instances find no place", losses);
        const auto unsafe =
            std::ranges::count_if(losses, [](const LossCase& loss) { return !loss.is_safe(); });
        report.metrics.push_back(gauge("n1.unsafe_agents", static_cast<double>(unsafe)));
        if (!losses.empty()) {
            const auto all = std::ssize(losses);
            report.metrics.push_back(gauge("n1.safe_agents", static_cast<double>(all - unsafe)));
            report.metrics.push_back(gauge(
                "n1.fraction_safe", static_cast<double>(all - unsafe) / static_cast<double>(all)));
        }
        report.metrics.push_back(gauge("n1.worst_lost", worst_of(losses)));
    }
    if (result.pair_losses) {
        const PairLosses& pairs = *result.pair_losses;
        add(pairs.is_sampled()
                ? fmt::format("Without two agents these instances find no place ({} of {} pairs)",
                              pairs.judged,
                              pairs.all)
                : std::string("Without two agents these instances find no place"),
            pairs.unsafe);
        report.metrics.push_back(gauge("n2.pairs", static_cast<double>(pairs.judged)));
        report.metrics.push_back(
            gauge("n2.unsafe_pairs", static_cast<double>(pairs.unsafe.size())));
        report.metrics.push_back(gauge("n2.worst_lost", static_cast<double>(pairs.worst_lost)));
    }
    for (const auto& [attribute, losses] : result.group_losses) {
        add(fmt::format("Without all agents of one {} these instances find no place", attribute),
            losses);
        report.metrics.push_back(gauge("n1.worst_lost", worst_of(losses), {{"group", attribute}}));
    }
}

}  // namespace

Report report_leftovers(const LeftoversResult& result, const LeftoversShown& shown) {
    Report report;
    report.summary = summarize(result);
    report.table = make_resources_table(result.leftovers);
    if (shown.agents) {
        report.details.push_back(std::move(report.table));
        // The facts own the cluster.
        const auto fits_any = result.fits && result.fits->has_mix
                                  ? std::make_shared<const std::vector<bool>>(result.fits->fits_any)
                                  : nullptr;
        report.table =
            make_agents_table({result.facts, &result.facts->cluster}, result.view, fits_any);
    }
    add_numbers(result, report);
    if (result.fits) {
        add_apps(result, shown, report);
        add_losses(result, report);
    }
    add_fragmentation(result, report);
    add_quota(*result.facts, report);
    for (const std::string& attribute : shown.by) {
        add_groups(result, attribute, report);
    }
    report.findings = find_leftovers_findings(result);
    report.problems = find_leftovers_problems(result);
    report.items_seen = std::ssize(result.facts->cluster.agents) + std::ssize(result.facts->unread);
    report.items_failed = std::ssize(result.facts->unread);
    return report;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "jobs/leftovers/apps_table.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/glob.hpp"
#include "jobs/leftovers/amount_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::array<std::string_view, 5> binding_names{"cpus", "mem", "disk", "gpus", "ports"};

struct AppRow {
    const MarathonApp& app;
    const AppFit& fit;
    const RollingRestart* restart = nullptr;  // null: it does not run

    [[nodiscard]] bool is_judged() const { return fit.unsupported.empty(); }

    [[nodiscard]] Cell number(std::int64_t AppFit::*value) const {
        return is_judged() ? Cell(fit.*value) : Cell();
    }
};

/// "2 rounds", "blocked".
Cell restart_cell(const AppRow& row) {
    if (row.restart == nullptr) {
        return {};
    }
    const std::int64_t rounds = row.restart->rounds;
    return row.restart->is_blocked()
               ? Cell("blocked")
               : Cell(fmt::format("{} round{}", rounds, rounds == 1 ? "" : "s"));
}

Cell restart_number(const AppRow& row, std::int64_t RollingRestart::*value) {
    return row.restart == nullptr ? Cell() : Cell(row.restart->*value);
}

/// The resource that allows the fewest on most agents with room.
Cell binding_cell(const AppFit& fit) {
    const auto most = std::ranges::max_element(fit.bindings);
    return *most == 0 ? Cell()
                      : Cell(std::string(binding_names.at(
                            static_cast<std::size_t>(std::distance(fit.bindings.begin(), most)))));
}

Cell why_cell(const AppRow& row) {
    return row.is_judged() ? non_empty(describe_refusals(row.fit))
                           : Cell("not judged: " + row.fit.unsupported);
}

const std::vector<ItemColumn<AppRow>>& app_columns() {
    using Row = AppRow;
    static const std::vector<ItemColumn<Row>> columns{
        {text_column("app", "APP"), [](const Row& row) -> Cell { return row.app.id; }},
        {number_column("instances", "INSTANCES"),
         [](const Row& row) -> Cell { return row.app.instances; }},
        {number_column("running", "RUNNING"),
         [](const Row& row) -> Cell { return row.fit.running; }},
        {number_column("waiting", "WAITING"),
         [](const Row& row) -> Cell { return row.fit.waiting; }},
        {number_column("fits", "FITS"), [](const Row& row) { return row.number(&AppFit::fits); }},
        {machine_column("fits_most"),
         [](const Row& row) { return row.number(&AppFit::fits_most); }},
        {machine_column("order_dependent"),
         [](const Row& row) {
             return row.is_judged() ? Cell(row.fit.is_order_dependent) : Cell();
         }},
        {number_column("pooled", "POOLED"),
         [](const Row& row) { return row.number(&AppFit::pooled); }},
        {number_column("efficiency_percent", "EFF%"),
         [](const Row& row) {
             return row.is_judged() ? percent_cell(row.fit.local_fits, row.fit.pooled) : Cell();
         }},
        {text_column("bound_by", "BOUND-BY"), [](const Row& row) { return binding_cell(row.fit); }},
        {text_column("restart", "RESTART"), restart_cell},
        {machine_column("restart_room"),
         [](const Row& row) { return restart_number(row, &RollingRestart::room); }},
        {machine_column("restart_stop_first"),
         [](const Row& row) { return restart_number(row, &RollingRestart::stop_first); }},
        {machine_column("restart_rounds"),
         [](const Row& row) {
             return row.restart != nullptr && row.restart->is_blocked()
                        ? Cell()
                        : restart_number(row, &RollingRestart::rounds);
         }},
        {text_column("why", "WHY NOT (AGENTS)"), why_cell},
        {machine_column("limited_by_quota"),
         [](const Row& row) {
             return row.is_judged() ? Cell(row.fit.is_limited_by_quota) : Cell();
         }},
        {machine_column("cpus"), [](const Row& row) { return amount_cell(row.app.cpus); }},
        {machine_column("mem"), [](const Row& row) { return amount_cell(row.app.mem); }},
        {machine_column("disk"), [](const Row& row) { return amount_cell(row.app.disk); }},
        {machine_column("gpus"), [](const Row& row) { return amount_cell(row.app.gpus); }},
    };
    return columns;
}

/// fits / max(1, instances), compared without dividing; what is not judged comes last.
bool has_less_room(const AppRow& a, const AppRow& b) {
    if (a.is_judged() != b.is_judged()) {
        return a.is_judged();
    }
    const auto size = [](const AppRow& row) { return std::max<WideMilli>(1, row.app.instances); };
    const WideMilli left = static_cast<WideMilli>(a.fit.fits) * size(b);
    const WideMilli right = static_cast<WideMilli>(b.fit.fits) * size(a);
    return left != right ? left < right : a.app.id < b.app.id;
}

}  // namespace

std::string describe_refusals(const AppFit& fit) {
    std::vector<std::pair<std::int64_t, std::size_t>> counts;
    for (std::size_t i = 1; i < refusal_count; ++i) {
        if (fit.refusals.at(i) > 0) {
            counts.emplace_back(-fit.refusals.at(i), i);
        }
    }
    std::ranges::sort(counts);
    std::string text;
    for (const auto& [count, refusal] : counts) {
        text += fmt::format(
            "{}{} {}", text.empty() ? "" : ", ", to_string(static_cast<Refusal>(refusal)), -count);
    }
    return text;
}

std::vector<std::size_t> order_by_room(const Workload& workload,
                                       const Fits& fits,
                                       const AppsShown& shown) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < fits.apps.size(); ++i) {
        if (shown.pattern.empty() ||
            glob_match(shown.pattern, workload.apps[fits.apps[i].app].id)) {
            order.push_back(i);
        }
    }
    const auto row = [&](std::size_t i) {
        return AppRow{.app = workload.apps[fits.apps[i].app], .fit = fits.apps[i]};
    };
    std::ranges::sort(order,
                      [&](std::size_t a, std::size_t b) { return has_less_room(row(a), row(b)); });
    if (shown.most != 0 && order.size() > shown.most) {
        order.resize(shown.most);
    }
    return order;
}

Table make_apps_table(const Workload& workload,
                      const Fits& fits,
                      std::span<const RollingRestart> restarts,
                      const AppsShown& shown) {
    std::map<std::uint32_t, const RollingRestart*> restart_of;
    for (const RollingRestart& restart : restarts) {
        restart_of[restart.app] = &restart;
    }
    const std::vector<std::size_t> order = order_by_room(workload, fits, shown);
    Table table{.title = order.size() == fits.apps.size()
                             ? "Apps"
                             : fmt::format("Apps ({} of {}, those with the least room)",
                                           order.size(),
                                           fits.apps.size()),
                .columns = table_columns<AppRow>(app_columns())};
    for (const std::size_t i : order) {
        fill_row<AppRow>(table.rows.emplace_back(),
                         app_columns(),
                         {.app = workload.apps[fits.apps[i].app],
                          .fit = fits.apps[i],
                          .restart = restart_of[fits.apps[i].app]});
    }
    return table;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Keys are part of the public interface: they may be added to, never renamed.
#include "jobs/leftovers/loss_table.hpp"

#include "common/base/table_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

std::string name_apps(const Workload& workload, std::span<const std::uint32_t> apps) {
    std::string text;
    for (const std::uint32_t app : apps) {
        text += (text.empty() ? "" : ", ") + workload.apps[app].id;
    }
    return text;
}

}  // namespace

std::string describe_lost_apps(const Workload& workload, const LossCase& loss) {
    std::string text;
    for (const auto& [app, number] : loss.lost_by_app) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", workload.apps[app].id, number);
    }
    return text;
}

Table make_loss_table(std::string title,
                      const Workload& workload,
                      std::span<const LossCase> losses,
                      std::size_t most) {
    std::vector<const LossCase*> worst;
    for (const LossCase& loss : losses) {
        if (!loss.is_safe()) {
            worst.push_back(&loss);
        }
    }
    std::ranges::stable_sort(worst, std::ranges::greater{}, [](const LossCase* loss) {
        return loss->lost - loss->expected;
    });
    worst.resize(std::min(worst.size(), most));
    Table table{.title = std::move(title),
                .columns = {text_column("lost_agents", "WITHOUT"),
                            number_column("agents", "AGENTS"),
                            number_column("displaced", "DISPLACED"),
                            number_column("lost", "LOST"),
                            number_column("expected", "EXPECTED"),
                            number_column("bound", "BOUND"),
                            text_column("apps", "APPS"),
                            text_column("below_health", "BELOW HEALTH"),
                            text_column("without_any", "WITHOUT ANY"),
                            machine_column("is_least")}};
    for (const LossCase* loss : worst) {
        table.rows.push_back({loss->name,
                              std::int64_t{std::ssize(loss->agents)},
                              loss->displaced,
                              loss->lost,
                              loss->expected,
                              loss->bound,
                              describe_lost_apps(workload, *loss),
                              non_empty(name_apps(workload, loss->below_health)),
                              non_empty(name_apps(workload, loss->without_any)),
                              loss->is_least});
    }
    return table;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/store_part.hpp"

#include "common/base/context.hpp"
#include "common/base/stop_signal.hpp"
#include "common/store/store.hpp"
#include "common/store/store_access.hpp"
#include "common/store/store_pruner.hpp"
#include "common/text/bytes.hpp"
#include "jobs/cleanup/planned_row.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

namespace {

constexpr const char* prune_kind = "prune_store";

class StorePart final : public CleanupPart {
 public:
    explicit StorePart(Context& context) : context_(context) {}

    void plan(std::span<const UnsettledAction> unsettled, UpkeepPlan& plan) override {
        for (const UnsettledAction& action : unsettled) {
            if (action.kind == prune_kind) {  // what is left of it is counted anew
                plan.settled.push_back({.id = action.id, .done = false});
            }
        }
        if (context_.store == nullptr) {
            return;
        }
        const std::string reason = describe(prune(true).value_or(PruneResult()));
        if (!reason.empty()) {
            plan.actions.push_back(
                {.kind = prune_kind, .subject = context_.store->path(), .reason = reason});
        }
        // Rows of our own are no part of what the brakes are there for.
        plan.parts.push_back({.name = "store"});
    }

    void act(ActionExecutor& executor, ActionRange own) override {
        for (std::size_t i = own.begin; i < own.end; ++i) {
            executor.run(i, [&] { return carry_out(); });
        }
    }

    void report(const ActionList& actions, ActionRange own, Report& report) override {
        std::vector<PlannedRow> rows;
        std::string outcome = context_.store == nullptr ? "there is none" : "nothing is too old";
        for (std::size_t i = own.begin; i < own.end; ++i) {
            const Action action = actions[i];
            const bool is_failed = action.state == ActionState::failed;
            report.items_failed += is_failed ? 1 : 0;
            outcome = action.state == ActionState::done
                          ? fmt::format("{} rows are gone", rows_gone_)
                          : "rows to be removed";
            rows.push_back({.part = "store",
                            .rule = "store",
                            .kind = "prune",
                            .path = action.subject,
                            .object = "store",
                            .bytes = action.bytes.value_or(0),
                            .reason = action.reason,
                            .result = action.state == ActionState::would
                                          ? "planned"
                                          : std::string(to_string(action.state))});
        }
        append_planned(report.table, std::move(rows));
        report.summary += fmt::format("{}store: {}", report.summary.empty() ? "" : "; ", outcome);
    }

 private:
    std::optional<PruneResult> prune(bool dry_run) const {
        return context_.store->prune({.retention = context_.store_access->retention,
                                      .now = context_.clock.now(),
                                      .enough = [this] { return context_.stop.requested(); },
                                      .dry_run = dry_run,
                                      .always = true});
    }

    ActionResult carry_out() {
        const auto pruned = prune(false);
        context_.stop.check();
        if (!pruned) {
            return {.state = ActionState::skipped, .error = "another process is pruning it"};
        }
        for (const PruneCount& count : pruned->counts) {
            rows_gone_ += count.rows;
        }
        const bool is_smaller = pruned->bytes_after < pruned->bytes_before;
        return {.bytes = is_smaller
                             ? static_cast<std::int64_t>(pruned->bytes_before - pruned->bytes_after)
                             : 0};
    }

    /// "kept longer than store.retention: 12 runs, 300 samples of 60 s"; empty where nothing is.
    static std::string describe(const PruneResult& counted) {
        std::string all;
        for (const PruneCount& count : counted.counts) {
            if (count.rows > 0) {
                all += fmt::format("{}{} {}", all.empty() ? "" : ", ", count.rows, count.name);
            }
        }
        return all.empty() ? all : "kept longer than store.retention: " + all;
    }

    Context& context_;
    std::int64_t rows_gone_ = 0;
};

}  // namespace

std::unique_ptr<CleanupPart> make_store_part(Context& context) {
    return std::make_unique<StorePart>(context);
}

}  // namespace caretaker

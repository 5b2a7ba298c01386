// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/sample_task.hpp"

#include "common/base/context.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "jobs/kibana/kibana_fleet.hpp"
#include "jobs/kibana/kibana_report.hpp"
#include "jobs/kibana/provision_findings.hpp"

#include <fmt/format.h>

#include <optional>

namespace caretaker {

namespace {

class SampleTask final : public UpkeepTask {
 public:
    SampleTask(const KibanaSettings& settings, Context& context) : settings_(settings) {
        if (context.store != nullptr) {
            memory_.emplace(context.store->memory(context.run.job, context.run.target));
        }
        fleet_.emplace(settings, context, memory_ ? &*memory_ : nullptr);
    }

    UpkeepPlan plan(std::span<const UnsettledAction> /*unsettled*/) override {
        fleet_->read_apps();
        fleet_->read_signals(StatusReading::of_all);
        fleet_->judge();
        fleet_->close_round();
        return {};
    }

    void act(ActionExecutor& /*executor*/) override {}

    Report report(const ActionList& /*actions*/) override {
        Report report = make_fleet_report(*fleet_, settings_, {});
        report.summary = fmt::format("{} Kibanas sampled", fleet_->kibanas().size());
        report.looked_at = [](const Finding& finding) {
            return !is_about_round(finding) && !is_about_provisioning(finding);
        };
        return report;
    }

 private:
    const KibanaSettings& settings_;
    std::optional<JobMemory> memory_{};
    std::optional<KibanaFleet> fleet_{};
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_sampling(const KibanaSettings& settings, Context& context) {
    return std::make_unique<SampleTask>(settings, context);
}

}  // namespace caretaker

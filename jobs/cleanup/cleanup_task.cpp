// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/cleanup_task.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/config/text_file.hpp"
#include "jobs/cleanup/saved_plan.hpp"
#include "jobs/cleanup/store_part.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t largest_plan = std::size_t{1} << 30U;

class CleanupTask final : public UpkeepTask {
 public:
    CleanupTask(const CleanupRequest& request, Context& context)
        : request_(request), context_(context) {}

    UpkeepPlan plan(std::span<const UnsettledAction> unsettled) override {
        if (!request_.imported.empty()) {
            return {};
        }
        FilesRequest files = request_.files;
        if (!request_.plan_file.empty()) {
            saved_plan_ = std::make_shared<const SavedPlan>(read_plan());
            files.saved_plan = saved_plan_;
        }
        parts_.push_back({.part = make_files_part(files, context_)});
        if (request_.docker) {
            parts_.push_back({.part = make_docker_part(*request_.docker, saved_plan_, context_)});
        }
        if (request_.prunes_store) {
            parts_.push_back({.part = make_store_part(context_)});
        }
        UpkeepPlan plan;
        for (Part& part : parts_) {
            part.own.begin = plan.actions.size();
            part.part->plan(unsettled, plan);
            part.own.end = plan.actions.size();
        }
        return plan;
    }

    void conclude() override {
        for (const Part& part : parts_) {
            part.part->conclude();
        }
    }

    void act(ActionExecutor& executor) override {
        for (const Part& part : parts_) {
            part.part->act(executor, part.own);
        }
    }

    UpkeepPlan plan_further() override {
        UpkeepPlan plan;
        const std::size_t planned = parts_.back().own.end;
        for (Part& part : parts_) {
            part.further.begin = planned + plan.actions.size();
            part.part->plan_further(plan);
            part.further.end = planned + plan.actions.size();
        }
        return plan;
    }

    void act_further(ActionExecutor& executor) override {
        for (const Part& part : parts_) {
            if (part.further.begin != part.further.end) {
                part.part->act_further(executor, part.further);
            }
        }
    }

    Report report(const ActionList& actions) override {
        Report report;
        if (!request_.imported.empty()) {
            report.document = request_.imported;
            report.summary = "rules of another tool";
            return report;
        }
        for (const Part& part : parts_) {
            part.part->report(actions, part.own, report);
        }
        return report;
    }

 private:
    struct Part {
        std::unique_ptr<CleanupPart> part{};
        ActionRange own{};
        ActionRange further{};
    };

    [[nodiscard]] SavedPlan read_plan() const {
        const TextFile file = read_text_file(request_.plan_file, largest_plan);
        if (!file.error.empty()) {
            throw UsageError(fmt::format(
                "reading the plan {}: {}; check its path", request_.plan_file, file.error));
        }
        return SavedPlan::parse(file.text,
                                fmt::format("the plan {}", request_.plan_file),
                                context_.run.host,
                                context_.clock.now());
    }

    const CleanupRequest& request_;
    Context& context_;
    std::shared_ptr<const SavedPlan> saved_plan_{};
    std::vector<Part> parts_{};
};

}  // namespace

std::unique_ptr<UpkeepTask> begin_cleanup(const CleanupRequest& request, Context& context) {
    return std::make_unique<CleanupTask>(request, context);
}

}  // namespace caretaker

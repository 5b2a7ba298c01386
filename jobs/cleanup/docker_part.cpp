// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/docker_part.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/metric_builders.hpp"
#include "common/clients/docker_engine.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "common/text/byte_escape.hpp"
#include "common/text/bytes.hpp"
#include "jobs/cleanup/docker_actions.hpp"
#include "jobs/cleanup/docker_logs.hpp"
#include "jobs/cleanup/docker_memory.hpp"
#include "jobs/cleanup/docker_rows.hpp"
#include "jobs/cleanup/mount_holders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr const char* image_memory = "docker_image";
constexpr const char* volume_memory = "docker_volume";

class DockerPart final : public CleanupPart {
 public:
    DockerPart(const DockerSettings& settings,
               std::shared_ptr<const SavedPlan> saved_plan,
               Context& context)
        : settings_(settings),
          saved_plan_(std::move(saved_plan)),
          context_(context),
          http_(settings.engine, context),
          engine_(http_) {}

    void plan(std::span<const UnsettledAction> unsettled, UpkeepPlan& plan) override {
        try {
            make_plan(unsettled, plan);
        } catch (const RemoteError&) {  // the other parts have their turn; conclude() throws it
            unplanned_ = std::current_exception();
        }
    }

    void act(ActionExecutor& executor, ActionRange own) override {
        std::optional<std::set<std::string>> used;  // images, once the containers are gone
        for (std::size_t i = own.begin; i < own.end; ++i) {
            const PlannedRemoval& removal = removals_[i - own.begin];
            const bool can_be_used =
                removal.kind == DockerKind::image || removal.kind == DockerKind::volume;
            if (can_be_used && !used) {
                used = fetch_used();
            }
            executor.run(i,
                         [&] { return remove(removal, used.value_or(std::set<std::string>())); });
        }
    }

    void conclude() override {
        if (unplanned_) {
            std::rethrow_exception(unplanned_);
        }
    }

    void report(const ActionList& actions, ActionRange own, Report& report) override {
        std::vector<PlannedRow> rows;
        std::int64_t done = 0;
        for (std::size_t i = own.begin; i < own.end; ++i) {
            const PlannedRemoval& removal = removals_[i - own.begin];
            const Action action = actions[i];
            done += action.state == ActionState::done ? 1 : 0;
            report.items_failed += action.state == ActionState::failed ? 1 : 0;
            rows.push_back(row_of(removal, action));
        }
        std::ranges::transform(
            strayed_, std::back_inserter(rows), [](const Strayed& one) { return row_of(one); });
        append_planned(report.table, std::move(rows));
        add_findings(report);
        report.items_seen += seen_;
        report.metrics.push_back(make_counter("docker.removed", done));
        const std::size_t planned = own.end - own.begin;
        const bool acted = done > 0;
        report.summary += fmt::format("{}docker: {}",
                                      report.summary.empty() ? "" : "; ",
                                      unplanned_     ? "not reached"
                                      : planned == 0 ? "nothing to do"
                                      : acted ? fmt::format("removed {} of {}", done, planned)
                                              : fmt::format("{} to be removed", planned));
    }

 private:
    void make_plan(std::span<const UnsettledAction> unsettled, UpkeepPlan& plan) {
        context_.progress.begin("asking the Docker Engine", {}, std::nullopt);
        const bool limits_size = settings_.images && settings_.images->max_total_size;
        DockerFacts facts{.containers = engine_.fetch_containers(),
                          .images = engine_.fetch_images(limits_size),
                          .volumes = engine_.fetch_volumes(),
                          .now = context_.clock.now()};
        if (settings_.images && settings_.images->only_below_free) {
            facts.disk = measure_disk();
        }
        remember(facts);
        seen_ = static_cast<std::int64_t>(facts.containers.size() + facts.images.size() +
                                          facts.volumes.size());
        std::ranges::copy(settle_docker(facts, unsettled), std::back_inserter(plan.settled));
        std::optional<DockerSavedPlan> saved;
        if (saved_plan_) {
            saved.emplace(*saved_plan_);
        }
        const auto add = [&](DockerKind kind, DockerPlan part) {
            if (saved) {
                saved->keep_to(part.removals);
            }
            std::ranges::copy(part.removals, std::back_inserter(removals_));
            plan.parts.push_back({.name = fmt::format("docker {}", info_of(kind).plural),
                                  .destructive = static_cast<std::int64_t>(part.removals.size()),
                                  .universe = part.universe,
                                  .max_percent = info_of(kind).max_percent});
        };
        if (settings_.containers) {
            add(DockerKind::container, plan_containers(facts, *settings_.containers));
        }
        if (settings_.images) {
            add(DockerKind::image, plan_images(facts, *settings_.images, removals_));
        }
        if (settings_.volumes) {
            add(DockerKind::volume, plan_volumes(facts, *settings_.volumes, removals_));
        }
        if (settings_.build_cache) {
            add(DockerKind::build_cache,
                plan_build_cache(engine_.fetch_build_cache(), *settings_.build_cache, facts.now));
        }
        if (settings_.logs) {
            logs_ = look_at_logs(facts.containers, settings_.logs->truncate_over, opener_);
            add(DockerKind::log, plan_logs(logs_, *settings_.logs));
        }
        if (saved) {
            strayed_ = saved->find_strayed(facts);
        }
        for (const PlannedRemoval& removal : removals_) {
            plan.actions.push_back({.kind = info_of(removal.kind).action,
                                    .subject = removal.name,
                                    .reason = removal.reason,
                                    .bytes = static_cast<std::int64_t>(removal.bytes),
                                    .identity = identity_of(removal)});
        }
    }

    DockerDisk measure_disk() {
        const std::string root = engine_.fetch_root_directory();
        const OpenedDirectory directory = opener_.open_absolute(root);
        const DiskShare share =
            directory.error == 0 ? disk_space_of(directory.fd.get()).bytes : DiskShare();
        if (share.total == 0) {
            context_.log.warning(fmt::format(
                "cleanup.docker.images.only_below_free: how much is free below the Engine's {} "
                "cannot be told; no image goes for it. In a container, mount it at the same path",
                root.empty() ? "directory, which it does not name," : escape_bytes(root)));
        }
        return {.free = share.free, .total = share.total};
    }

    /// Without a store everything is seen for the first time, so that no image or volume goes by
    /// our own record.
    void remember(DockerFacts& facts) {
        if (context_.store == nullptr) {
            facts.image_memory = remember_images(facts, {});
            facts.volume_memory = remember_volumes(facts, {});
            return;
        }
        JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
        const std::string& host = context_.run.host;
        const DockerMemories images = load_docker_memories(memory, image_memory, host);
        const DockerMemories volumes = load_docker_memories(memory, volume_memory, host);
        facts.image_memory = remember_images(facts, images);
        facts.volume_memory = remember_volumes(facts, volumes);
        save_docker_memories(memory, image_memory, host, images, facts.image_memory, facts.now);
        save_docker_memories(memory, volume_memory, host, volumes, facts.volume_memory, facts.now);
    }

    /// Ids of images and names of volumes that a container has now.
    std::set<std::string> fetch_used() {
        std::set<std::string> used;
        for (const DockerContainer& container : engine_.fetch_containers()) {
            used.insert(container.image_id);
            used.insert(container.volumes.begin(), container.volumes.end());
        }
        return used;
    }

    ActionResult remove(const PlannedRemoval& removal, const std::set<std::string>& used) {
        if (used.contains(removal.id)) {
            return {.state = ActionState::skipped,
                    .error = fmt::format("{}: a container uses it", changed_words)};
        }
        DockerRemoval removed;
        std::optional<std::int64_t> freed;
        switch (removal.kind) {
            case DockerKind::container:
                removed = engine_.remove_container(removal.id, settings_.remove_anonymous_volumes);
                break;
            case DockerKind::image:
                removed = engine_.remove_image(removal.name);
                break;
            case DockerKind::volume:
                removed = engine_.remove_volume(removal.name);
                break;
            case DockerKind::build_cache: {
                const DockerCachePrune pruned =
                    engine_.prune_build_cache(std::chrono::duration_cast<std::chrono::seconds>(
                                                  settings_.build_cache->unused_for),
                                              settings_.build_cache->keep);
                removed = pruned.removal;
                freed = static_cast<std::int64_t>(pruned.freed);
                break;
            }
            case DockerKind::log:
                removed = empty(removal.id);
                break;
        }
        switch (removed.outcome) {
            case DockerRemoval::Outcome::done:
                return {.bytes = freed};
            case DockerRemoval::Outcome::changed:
                return {.state = ActionState::skipped,
                        .error = fmt::format("{}: {}", changed_words, removed.message)};
            case DockerRemoval::Outcome::failed:
                break;
        }
        return {.state = ActionState::failed, .error = explain_failure(removed.message)};
    }

    /// The Engine says what is busy, but not for whom.
    static std::string explain_failure(const std::string& message) {
        const auto busy = busy_path(message);
        const std::string holders = busy ? describe_mount_holders(*busy) : std::string();
        return holders.empty()
                   ? message
                   : fmt::format("{}; it is mounted in the namespace of {}", message, holders);
    }

    DockerRemoval empty(const std::string& path) {
        const auto error = empty_log(path, settings_.logs->truncate_over, opener_);
        if (!error) {
            return {.outcome = DockerRemoval::Outcome::changed,
                    .message = "it is smaller, or not all who write into it append"};
        }
        if (*error != 0) {
            return {.outcome = DockerRemoval::Outcome::failed, .message = describe_errno(*error)};
        }
        return {};
    }

    void add_findings(Report& report) const {
        for (const ContainerLog& log : logs_) {
            if (grows_without_limit(log)) {
                report.findings.push_back(
                    {.code = "log_without_limit",
                     .subject = fmt::format("container {}", log.container),
                     .message = fmt::format("the log of container {} has {} and no limit; give it "
                                            "max-size and max-file",
                                            log.container,
                                            format_bytes(log.size)),
                     .severity = Severity::warn});
            }
        }
    }

    const DockerSettings& settings_;
    std::shared_ptr<const SavedPlan> saved_plan_;
    Context& context_;
    ServiceHttp http_;
    DockerEngine engine_;
    std::vector<PlannedRemoval> removals_{};
    std::vector<Strayed> strayed_{};  // of the saved plan
    std::vector<ContainerLog> logs_{};
    DirectoryOpener opener_{};
    std::int64_t seen_ = 0;
    std::exception_ptr unplanned_{};
};

}  // namespace

std::unique_ptr<CleanupPart> make_docker_part(const DockerSettings& settings,
                                              std::shared_ptr<const SavedPlan> saved_plan,
                                              Context& context) {
    return std::make_unique<DockerPart>(settings, std::move(saved_plan), context);
}

}  // namespace caretaker

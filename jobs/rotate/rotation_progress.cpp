// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotation_progress.hpp"

#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view progress_kind = "stopped";
constexpr std::string_view cluster_kind = "cluster";  // of a run, by its uid

/// A run that begins later is one of its own, not a stopped one's continuation: files are run by
/// the hour or by the day.
constexpr std::chrono::hours longest_gap{12};

constexpr std::chrono::hours longest_run{48};

std::int64_t number(std::size_t value) {
    return static_cast<std::int64_t>(value);
}

/// Which of the run's actions `first` and the `planned` - 1 behind it were done.
std::set<std::string> find_done(const Store& store,
                                const std::string& uid,
                                std::int64_t first,
                                std::int64_t planned) {
    std::set<std::string> done;
    const auto run = store.find_run(uid);
    if (!run) {
        return done;
    }
    for (const ActionRow& action : store.run_details(run->id).actions) {
        const std::int64_t index = action.seq - 1;
        if (index >= first && index < first + planned && action.state == "done") {
            done.insert(stopped_action_key(action.kind, action.subject));
        }
    }
    return done;
}

}  // namespace

RotationProgress::RotationProgress(Context& context, std::string files, std::string cluster)
    : context_(context), files_(std::move(files)), cluster_(std::move(cluster)) {}

std::string RotationProgress::entry_name() const {
    return fmt::format("{}@{}", files_, cluster_);
}

StoppedRun RotationProgress::stopped_run() {
    if (context_.store == nullptr) {
        return {};
    }
    JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
    const std::string name = entry_name();
    const auto entry = memory.find({.kind = progress_kind, .name = name});
    if (!entry) {
        return {};
    }
    is_saved_ = true;
    const JsonDocument document = JsonDocument::parse(entry->body, "the progress of a rotation");
    const JsonView root = document.root();
    StoppedRun run{
        .uid = std::string(root.at("run").text()),
        .is_recent = context_.clock.now() - entry->updated_at < longest_gap,
        .begun = static_cast<std::size_t>(root.at("step").integer()),
        .name = std::string(root.at("name").text()),
        .planned = static_cast<std::size_t>(root.at("planned").integer()),
    };
    for (const JsonView& step : root.at("finished").elements()) {
        run.finished.insert(static_cast<std::size_t>(step.integer()));
    }
    run.done = find_done(
        *context_.store, run.uid, root.at("first").integer(), root.at("planned").integer());
    for (const JsonView& action : root.at("before").elements()) {
        run.done.emplace(action.text());
    }
    run.planned += root.at("before").elements().size();
    return run;
}

std::vector<UnsettledAction> RotationProgress::of_this_cluster(
    std::span<const UnsettledAction> unsettled) {
    std::vector<UnsettledAction> own;
    if (context_.store == nullptr || unsettled.empty()) {
        return own;
    }
    JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
    for (const UnsettledAction& action : unsettled) {
        const auto entry = memory.find({.kind = cluster_kind, .name = action.run});
        if (entry && entry->body == cluster_) {
            own.push_back(action);
        }
    }
    return own;
}

void RotationProgress::forget_settled(std::span<const UnsettledAction> unsettled,
                                      std::span<const SettledAction> settled) {
    if (context_.store == nullptr) {
        return;
    }
    std::set<std::string> open;
    for (const UnsettledAction& action : unsettled) {
        if (std::ranges::find(settled, action.id, &SettledAction::id) == settled.end()) {
            open.insert(action.run);
        }
    }
    JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
    // Those of a while ago alone: a run may be under way at another cluster.
    const std::vector<std::string> recent =
        memory.names(cluster_kind, context_.clock.now() - longest_run);
    open.insert(recent.begin(), recent.end());
    std::vector<std::string> known = memory.names(cluster_kind, WallTime());
    std::erase_if(known, [&](const std::string& run) { return open.contains(run); });
    if (known.empty()) {
        return;
    }
    memory.write([&] {
        for (const std::string& run : known) {
            memory.forget({.kind = cluster_kind, .name = run});
        }
    });
}

void RotationProgress::begin(std::size_t step_number, const RotateStep& step) {
    if (context_.store == nullptr) {
        return;
    }
    JsonWriter json;
    json.begin_object();
    json.member("run", context_.run.uid);
    json.member("step", number(step_number));
    json.member("name", step.name);
    json.member("first", number(step.actions.front()));
    json.member("planned", number(step.actions.size()));
    json.key("before");
    json.begin_array();
    for (const std::string& action : step.done_before) {
        json.value(action);
    }
    json.end_array();
    json.key("finished");
    json.begin_array();
    for (const std::size_t finished : finished_) {
        json.value(number(finished));
    }
    json.end_array();
    json.end_object();
    const std::string name = entry_name();
    JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
    memory.write([&] {
        const WallTime now = context_.clock.now();
        memory.save({.kind = progress_kind, .name = name}, json.text(), now);
        memory.save({.kind = cluster_kind, .name = context_.run.uid}, cluster_, now);
    });
    is_saved_ = true;
}

void RotationProgress::forget(bool is_settled) {
    finished_.clear();
    if (context_.store == nullptr || !is_saved_) {
        return;
    }
    const std::string name = entry_name();
    JobMemory memory = context_.store->memory(context_.run.job, context_.run.target);
    memory.write([&] {
        memory.forget({.kind = progress_kind, .name = name});
        if (is_settled) {
            memory.forget({.kind = cluster_kind, .name = context_.run.uid});
        }
    });
    is_saved_ = false;
}

}  // namespace caretaker

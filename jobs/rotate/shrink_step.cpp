// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/shrink_step.hpp"

#include "common/base/stop_signal.hpp"
#include "common/json/json_document.hpp"
#include "common/output/json_writer.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/alias_mover.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/node_reader.hpp"
#include "jobs/rotate/search_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view node_requirement = "index.routing.allocation.require._name";
constexpr std::string_view write_block = "index.blocks.write";

ActionResult failed(std::string error) {
    return {.state = ActionState::failed, .error = std::move(error)};
}

bool is_good(const ActionResult& result) {
    return result.state == ActionState::done;
}

/// One index.
class Shrinking {
 public:
    Shrinking(StepTools& tools, const ActionSpec& spec, std::string_view source, ShrinkItem item)
        : tools_(tools),
          spec_(spec),
          source_name_(source),
          source_(encode_segment(source)),
          item_(std::move(item)),
          target_(encode_segment(item_.target)) {}

    ActionResult run(std::string_view source_uuid) {
        const bool resumes = item_.may_resume && is_made_from(source_uuid);
        if (!resumes) {
            if (std::string why = choose_node(); !why.empty()) {
                return failed(std::move(why));
            }
            ActionResult result = prepare();
            if (is_good(result)) {
                result = shrink();
            }
            if (!is_good(result)) {
                release_source();
                return result;
            }
        }
        return finish();
    }

 private:
    [[nodiscard]] SearchCluster& cluster() const { return tools_.cluster; }

    /// Whether the target is there and was made from this very source.
    bool is_made_from(std::string_view uuid) const {
        const std::string path = fmt::format("/{}/_settings?flat_settings=true", target_);
        const HttpResponse response = cluster().http().require({.url = path}, {404});
        if (response.status == 404) {
            return false;
        }
        const JsonDocument document = JsonDocument::parse(response.body, "GET " + path);
        const JsonView settings = document.root().at(item_.target).at("settings");
        for (const char* key : {"index.resize.source.uuid", "index.shrink.source.uuid"}) {
            const auto from = settings.find(key);
            if (from && from->text() == uuid) {
                return true;
            }
        }
        return false;
    }

    ActionResult set(const std::string& index,
                     std::string_view setting,
                     const std::optional<std::string>& value) const {
        JsonWriter json;
        json.begin_object();
        json.key(setting);
        if (value) {
            json.value(*value);
        } else {
            json.null();
        }
        json.end_object();
        HttpRequest request = json_request(
            HttpMethod::put, fmt::format("/{}/_settings", index), std::string(json.text()));
        return send_change(cluster(), request);
    }

    /// What was planned reckons with the disks as they were then. Where the node has no room any
    /// more another one may have, unless the file names one; in words why none has.
    std::string choose_node() {
        const std::vector<ClusterNode> nodes = fetch_nodes(cluster());
        const auto planned = std::ranges::find(nodes, item_.node, &ClusterNode::name);
        std::string why = planned == nodes.end()
                              ? fmt::format("the node {} is not there any more", item_.node)
                              : why_no_room(item_.primary_bytes, *planned);
        if (why.empty()) {
            return {};
        }
        const ShrinkNode other = choose_shrink_node(spec_.options, nodes);
        if (other.node == nullptr || !why_no_room(item_.primary_bytes, *other.node).empty()) {
            return why;
        }
        item_.node = other.node->name;
        return {};
    }

    /// Moves a copy of each shard to the node and stops writes.
    ActionResult prepare() {
        ActionResult result = set(source_, node_requirement, item_.node);
        if (!is_good(result)) {
            return result;
        }
        const bool moved = wait_until(tools_.context, spec_, [&] {
            return spec_.options.flag("wait_for_rebalance")
                       ? fetch_health(cluster(), source_).relocating_shards == 0
                       : all_copies_started(source_);
        });
        if (!moved) {
            return failed(
                fmt::format("its shards are still on their way to {} after max_wait", item_.node));
        }
        if (const std::string missing = shards_elsewhere(); !missing.empty()) {
            return failed(missing);
        }
        result = set(source_, write_block, "true");
        if (is_good(result) && !fetch_health(cluster(), source_).is_green) {
            return failed("it is not green, as it must be to be shrunk");
        }
        return result;
    }

    bool all_copies_started(const std::string& index) const {
        const std::vector<ShardCopy> copies = fetch_shard_copies(cluster(), index);
        return !copies.empty() && std::ranges::all_of(copies, &ShardCopy::is_started);
    }

    /// Which shards have no copy on the node, in words; empty when none.
    [[nodiscard]] std::string shards_elsewhere() const {
        std::set<int> all;
        std::set<int> there;
        for (const ShardCopy& copy : fetch_shard_copies(cluster(), source_)) {
            all.insert(copy.shard);
            if (copy.is_started && copy.node == item_.node) {
                there.insert(copy.shard);
            }
        }
        return all == there ? std::string()
                            : fmt::format("{} of its {} shards have no copy on {}",
                                          all.size() - there.size(),
                                          all.size(),
                                          item_.node);
    }

    ActionResult shrink() {
        HttpRequest request =
            json_request(HttpMethod::post,
                         fmt::format("/{}/_shrink/{}?wait_for_active_shards={}",
                                     source_,
                                     target_,
                                     spec_.options.text("wait_for_active_shards")),
                         shrink_body(spec_.options));
        request.effect = HttpEffect::single_change;
        request.timeout = request_timeout(spec_);
        request.may_be_silent = true;
        const HttpResponse response = cluster().http().send(request);
        if (!response.ok()) {
            return failure_of(cluster(), request, response);
        }
        if (!spec_.options.flag("wait_for_completion")) {
            return {};
        }
        const bool is_there = wait_until(tools_.context, spec_, [&] {
            return spec_.options.flag("wait_for_rebalance")
                       ? fetch_health(cluster(), target_).is_green
                       : all_copies_started(target_);
        });
        if (is_there) {
            return {};
        }
        drop_target();
        return failed(
            fmt::format("{} was not complete after max_wait, and is deleted again", item_.target));
    }

    /// It is our own, made by the request before.
    void drop_target() {
        const HttpRequest request{.method = HttpMethod::del, .url = "/" + target_};
        const ActionResult result = send_change(cluster(), request);
        if (!is_good(result)) {
            tools_.troubles.push_back(
                fmt::format("deleting {} again: {}", item_.target, result.error));
        }
    }

    /// Puts back what prepare() has set. One that fails is told, and no reason to stop.
    void release_source() {
        const std::optional<std::string> former = item_.former_requirement.empty()
                                                      ? std::nullopt
                                                      : std::optional(item_.former_requirement);
        for (const auto& [setting, value] : {std::pair(write_block, std::optional<std::string>()),
                                             std::pair(node_requirement, former)}) {
            const ActionResult result = set(source_, setting, value);
            if (!is_good(result)) {
                tools_.troubles.push_back(
                    fmt::format("putting {} of {} back: {}", setting, source_name_, result.error));
            }
        }
    }

    /// Whether each shard of the target has a started copy; waited for a while also where the file
    /// does not wait, for nothing replaces the source once it is gone.
    bool is_target_there() const {
        constexpr std::int64_t longest = 30;
        constexpr std::chrono::milliseconds interval{500};
        const std::int64_t most = spec_.options.integer("max_wait");
        const std::chrono::seconds patience(most < 0 ? longest : std::min(most, longest));
        const auto wanted = static_cast<std::size_t>(spec_.options.integer("number_of_shards"));
        const auto begin = tools_.context.clock.steady();
        while (true) {
            std::set<int> started;
            for (const ShardCopy& copy : fetch_shard_copies(cluster(), target_)) {
                if (copy.is_started) {
                    started.insert(copy.shard);
                }
            }
            if (started.size() >= wanted) {
                return true;
            }
            if (tools_.context.clock.steady() - begin >= patience) {
                return false;
            }
            tools_.context.clock.wait(interval, tools_.context.stop);
            tools_.context.stop.check();
        }
    }

    ActionResult finish() {
        const bool replaces =
            spec_.options.flag("copy_aliases") || spec_.options.flag("delete_after");
        if (replaces && !is_target_there()) {
            release_source();
            return failed(fmt::format(
                "not all shards of {} are started, so its source stays as it was", item_.target));
        }
        if (const auto allocation = read_post_allocation(spec_.options)) {
            const ActionResult result = set(target_, allocation->setting, allocation->value);
            if (!is_good(result)) {
                release_source();
                return failed(fmt::format("{} is there, its allocation could not be set: {}",
                                          item_.target,
                                          result.error));
            }
            const bool moved = wait_until(tools_.context, spec_, [&] {
                return fetch_health(cluster(), target_).relocating_shards == 0;
            });
            if (!moved) {
                release_source();
                return failed(
                    fmt::format("{} is there, and still relocating after max_wait", item_.target));
            }
        }
        if (spec_.options.flag("copy_aliases")) {
            const ActionResult result = move_aliases(cluster(), source_name_, item_.target);
            if (!is_good(result)) {
                release_source();
                return failed(fmt::format(
                    "{} is there, the aliases could not be moved: {}", item_.target, result.error));
            }
        }
        if (!spec_.options.flag("delete_after")) {
            release_source();
            return {};
        }
        const HttpRequest request{.method = HttpMethod::del, .url = "/" + source_};
        ActionResult result = send_change(cluster(), request);
        if (!is_good(result)) {
            release_source();
            result.error = fmt::format(
                "{} is there, its source could not be deleted: {}", item_.target, result.error);
        }
        return result;
    }

    StepTools& tools_;
    const ActionSpec& spec_;
    std::string source_name_;
    std::string source_;  // encoded
    ShrinkItem item_;
    std::string target_;  // encoded
};

}  // namespace

void run_shrink_step(StepTools& tools, const RotateStep& step) {
    for (std::size_t i = 0; i < step.actions.size(); ++i) {
        const std::size_t action = step.actions[i];
        tools.executor.run(action, [&] {
            const ActionList& list = tools.executor.actions();
            return Shrinking(tools, *step.spec, list.subject(action), step.shrinks[i])
                .run(list.identity(action));
        });
    }
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/shrink_plan.hpp"

#include "common/output/json_writer.hpp"
#include "common/text/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace caretaker {

namespace {

constexpr std::int64_t most_documents = 2'147'483'519;  // of a shard: Lucene's limit
constexpr std::int64_t padding = 32'768;

constexpr std::array node_filter_keys{
    OptionSpec{.name = "permit_masters", .type = OptionType::flag, .fallback = "false"},
    OptionSpec{.name = "exclude_nodes", .type = OptionType::texts},
};

constexpr std::array post_allocation_keys{
    OptionSpec{.name = "allocation_type",
               .type = OptionType::choice,
               .fallback = "require",
               .choices = "require|include|exclude"},
    OptionSpec{.name = "key", .required = true},
    OptionSpec{.name = "value", .type = OptionType::text_or_null},
};

constexpr std::array extra_keys{
    OptionSpec{.name = "settings", .type = OptionType::map},
    OptionSpec{.name = "aliases", .type = OptionType::map},
};

/// The options below `name`; empty where it is not given.
CheckedOptions read_below(const CheckedOptions& options,
                          std::string_view name,
                          std::span<const OptionSpec> keys,
                          OptionChecker& checker) {
    const CuratorValue* map = options.find(name);
    if (map == nullptr || map->keys.empty()) {
        return {};
    }
    return checker.check(map, keys, {}, std::string(name), map->at);
}

/// Of what was found right before.
CheckedOptions read_checked(const CheckedOptions& options,
                            std::string_view name,
                            std::span<const OptionSpec> keys) {
    std::vector<ConfigProblem> none;
    OptionChecker checker("", none);
    return read_below(options, name, keys, checker);
}

std::string why_not_on(const CheckedOptions& options, const ClusterNode& node) {
    if (!node.holds_data()) {
        return "it holds no data";
    }
    const CheckedOptions filters = read_checked(options, "node_filters", node_filter_keys);
    const std::vector<std::string> excluded = filters.texts("exclude_nodes");
    if (std::ranges::find(excluded, node.name) != excluded.end()) {
        return "node_filters exclude it";
    }
    if (node.is_master_eligible() && !filters.flag("permit_masters")) {
        return "it can become master, and node_filters has no permit_masters: true";
    }
    return {};
}

}  // namespace

void check_shrink_options(const CheckedOptions& options, OptionChecker& checker) {
    read_below(options, "node_filters", node_filter_keys, checker);
    read_below(options, "post_allocation", post_allocation_keys, checker);
    read_below(options, "extra_settings", extra_keys, checker);
}

std::optional<PostAllocation> read_post_allocation(const CheckedOptions& options) {
    const CheckedOptions wanted = read_checked(options, "post_allocation", post_allocation_keys);
    if (!wanted.has("key")) {
        return std::nullopt;
    }
    PostAllocation allocation{.setting = fmt::format("index.routing.allocation.{}.{}",
                                                     wanted.text("allocation_type"),
                                                     wanted.text("key"))};
    if (wanted.has("value")) {
        allocation.value = wanted.text("value");
    }
    return allocation;
}

ShrinkNode choose_shrink_node(const CheckedOptions& options, std::span<const ClusterNode> nodes) {
    const std::string wanted = options.text("shrink_node");
    if (wanted != "DETERMINISTIC") {
        const auto found = std::ranges::find(nodes, wanted, &ClusterNode::name);
        if (found == nodes.end()) {
            return {.problem = fmt::format("there is no node {}", wanted)};
        }
        const std::string why = why_not_on(options, *found);
        return why.empty()
                   ? ShrinkNode{.node = &*found}
                   : ShrinkNode{.problem = fmt::format("the node {} does not do: {}", wanted, why)};
    }
    ShrinkNode best;
    std::string reasons;
    for (const ClusterNode& node : nodes) {
        const std::string why = why_not_on(options, node);
        if (!why.empty()) {
            reasons += fmt::format("; {}: {}", node.name, why);
        } else if (best.node == nullptr ||
                   node.available_bytes.value_or(0) > best.node->available_bytes.value_or(0)) {
            best.node = &node;
        }
    }
    if (best.node == nullptr) {
        best.problem = "no node does to shrink on" + reasons;
    }
    return best;
}

std::string shrunk_name(const CheckedOptions& options, std::string_view index) {
    return fmt::format(
        "{}{}{}", options.text("shrink_prefix"), index, options.text("shrink_suffix"));
}

std::string why_not_shrinkable(const CheckedOptions& options, const IndexFacts& index) {
    const std::int64_t shards = options.integer("number_of_shards");
    if (index.shards <= shards) {
        return fmt::format("it has {} shards, no more than {}", index.shards, shards);
    }
    if (index.shards % shards != 0) {
        return fmt::format("its {} shards cannot be shared out among {}", index.shards, shards);
    }
    if (index.docs.value_or(0) / shards >= most_documents) {
        return fmt::format("{} documents are too many for {} shards", *index.docs, shards);
    }
    return {};
}

std::string why_no_room(std::int64_t primary_bytes, const ClusterNode& node) {
    const std::int64_t needed = 2 * primary_bytes + padding;
    if (!node.available_bytes || *node.available_bytes > needed) {
        return {};
    }
    const auto words = [](std::int64_t bytes) {
        return format_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(bytes, 0)));
    };
    return fmt::format("the node {} has {} free, and {} are needed",
                       node.name,
                       words(*node.available_bytes),
                       words(needed));
}

void take_room(const CheckedOptions& options, std::int64_t primary_bytes, ClusterNode& node) {
    if (node.available_bytes) {
        *node.available_bytes -= options.flag("delete_after") ? primary_bytes : 2 * primary_bytes;
    }
}

std::string shrink_body(const CheckedOptions& options) {
    JsonWriter json;
    json.begin_object();
    json.member("index.number_of_shards", options.integer("number_of_shards"));
    json.member("index.number_of_replicas", options.integer("number_of_replicas"));
    json.key("index.routing.allocation.require._name");
    json.null();
    json.key("index.blocks.write");
    json.null();
    json.end_object();
    std::string settings(json.text());
    std::string aliases;
    if (const CuratorValue* extra = options.find("extra_settings")) {
        const CuratorValue* more = extra->find("settings");
        if (more != nullptr && !more->keys.empty()) {
            settings.pop_back();
            settings += "," + to_json(*more).substr(1);
        }
        const CuratorValue* with = extra->find("aliases");
        if (with != nullptr && !with->keys.empty()) {
            aliases = R"(,"aliases":)" + to_json(*with);
        }
    }
    return fmt::format(R"({{"settings":{}{}}})", settings, aliases);
}

}  // namespace caretaker

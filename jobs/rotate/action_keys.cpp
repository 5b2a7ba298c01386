// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/action_keys.hpp"

#include <array>
#include <string_view>

namespace caretaker {

namespace {

constexpr double longest_wait_interval = 30;

constexpr OptionSpec flag(std::string_view name, std::string_view fallback = "false") {
    return {.name = name, .type = OptionType::flag, .fallback = fallback};
}

constexpr OptionSpec text(std::string_view name, bool required = false) {
    return {.name = name, .required = required};
}

constexpr OptionSpec number(std::string_view name,
                            std::string_view fallback,
                            double min,
                            double max) {
    return {
        .name = name, .type = OptionType::integer, .fallback = fallback, .min = min, .max = max};
}

constexpr OptionSpec required_number(std::string_view name, double min, double max) {
    return {.name = name, .type = OptionType::integer, .required = true, .min = min, .max = max};
}

constexpr OptionSpec choice(std::string_view name,
                            std::string_view choices,
                            std::string_view fallback,
                            bool required = false) {
    return {.name = name,
            .type = OptionType::choice,
            .fallback = fallback,
            .required = required,
            .choices = choices};
}

constexpr OptionSpec map(std::string_view name, bool required = false) {
    return {.name = name, .type = OptionType::map, .required = required};
}

constexpr OptionSpec wait_interval(std::string_view fallback) {
    return number("wait_interval", fallback, 1, longest_wait_interval);
}

constexpr OptionSpec max_wait = number("max_wait", "-1", -1, 1e9);

constexpr std::array common_options{
    flag("allow_ilm_indices"),
    flag("continue_if_exception"),
    flag("disable_action"),
    flag("ignore_empty_list"),
    OptionSpec{.name = "timeout_override", .type = OptionType::integer, .min = 1, .max = 86'400},
    flag("include_hidden"),
    flag("include_datastreams"),
    flag("include_kibana"),
    flag("include_system"),
};

constexpr std::array alias_options{
    text("name", true), flag("warn_if_no_indices"), map("extra_settings")};

constexpr std::array allocation_options{
    text("key", true),
    OptionSpec{.name = "value", .type = OptionType::text_or_null},
    choice("allocation_type", "require|include|exclude", "require"),
    flag("wait_for_completion"),
    wait_interval("3"),
    max_wait,
};

constexpr std::array close_options{
    flag("delete_aliases"), flag("skip_flush"), flag("ignore_sync_failures")};

constexpr std::array routing_options{
    choice("routing_type", "allocation|rebalance", "", true),
    choice("setting", "enable", "", true),
    choice("value", "all|primaries|none|new_primaries|replicas", "", true),
    flag("wait_for_completion"),
    wait_interval("3"),
    max_wait,
};

constexpr std::array cold_options{
    map("index_settings"),
    OptionSpec{.name = "ignore_index_settings", .type = OptionType::texts},
    flag("wait_for_completion", "true"),
};

constexpr std::array create_options{
    text("name", true), flag("ignore_existing"), map("extra_settings")};

constexpr std::array delete_snapshot_options{
    text("repository", true),
    number("retry_interval", "120", 1, 600),
    number("retry_count", "3", 0, 100),
};

constexpr std::array forcemerge_options{
    required_number("max_num_segments", 1, 32'768),
    OptionSpec{.name = "delay", .type = OptionType::real, .fallback = "0", .min = 0, .max = 3'600},
};

constexpr std::array settings_options{
    map("index_settings", true), flag("ignore_unavailable"), flag("preserve_existing")};

constexpr std::array reindex_options{
    map("request_body", true),
    flag("refresh", "true"),
    OptionSpec{.name = "requests_per_second", .type = OptionType::integer, .fallback = "-1"},
    number("slices", "1", 1, 500),
    number("timeout", "60", 1, 1e9),
    OptionSpec{.name = "wait_for_active_shards",
               .type = OptionType::integer_or_text,
               .fallback = "1",
               .min = 0,
               .choices = "all"},
    flag("wait_for_completion", "true"),
    wait_interval("9"),
    max_wait,
    text("remote_certificate"),
    text("remote_client_cert"),
    text("remote_client_key"),
    OptionSpec{.name = "remote_filters", .type = OptionType::any},
    text("remote_url_prefix"),
    flag("remote_ssl_no_validate"),
    text("remote_aws_key"),
    text("remote_aws_secret_key"),
    text("remote_aws_region"),
    text("migration_prefix"),
    text("migration_suffix"),
};

constexpr std::array replicas_options{
    required_number("count", 0, 10),
    flag("wait_for_completion"),
    wait_interval("3"),
    max_wait,
};

constexpr std::array restore_options{
    text("repository", true),
    text("name"),
    OptionSpec{.name = "indices", .type = OptionType::texts},
    flag("include_aliases"),
    flag("ignore_unavailable"),
    flag("include_global_state"),
    flag("partial"),
    text("rename_pattern"),
    text("rename_replacement"),
    map("extra_settings"),
    flag("wait_for_completion", "true"),
    wait_interval("9"),
    max_wait,
    flag("skip_repo_fs_check", "true"),
};

constexpr std::array rollover_options{
    text("name", true),
    map("conditions", true),
    text("new_index"),
    map("extra_settings"),
    OptionSpec{.name = "wait_for_active_shards",
               .type = OptionType::integer_or_text,
               .fallback = "1",
               .min = 0,
               .choices = "all"},
};

constexpr std::array shrink_options{
    text("shrink_node", true),
    map("node_filters"),
    number("number_of_shards", "1", 1, 99),
    number("number_of_replicas", "1", 0, 10),
    text("shrink_prefix"),
    OptionSpec{.name = "shrink_suffix", .fallback = "-shrink"},
    flag("copy_aliases"),
    flag("delete_after", "true"),
    map("post_allocation"),
    OptionSpec{.name = "wait_for_active_shards",
               .type = OptionType::integer_or_text,
               .fallback = "1",
               .min = 0,
               .choices = "all"},
    map("extra_settings"),
    flag("wait_for_completion", "true"),
    flag("wait_for_rebalance", "true"),
    wait_interval("9"),
    max_wait,
};

constexpr std::array snapshot_options{
    text("repository", true),
    OptionSpec{.name = "name", .fallback = "curator-%Y%m%d%H%M%S"},
    flag("ignore_unavailable"),
    flag("include_global_state", "true"),
    flag("partial"),
    flag("wait_for_completion", "true"),
    wait_interval("9"),
    max_wait,
    flag("skip_repo_fs_check", "true"),
};

}  // namespace

std::span<const OptionSpec> action_keys(ActionType type) {
    switch (type) {
        case ActionType::alias:
            return alias_options;
        case ActionType::allocation:
            return allocation_options;
        case ActionType::close:
            return close_options;
        case ActionType::cluster_routing:
            return routing_options;
        case ActionType::cold2frozen:
            return cold_options;
        case ActionType::create_index:
            return create_options;
        case ActionType::delete_snapshots:
            return delete_snapshot_options;
        case ActionType::forcemerge:
            return forcemerge_options;
        case ActionType::index_settings:
            return settings_options;
        case ActionType::reindex:
            return reindex_options;
        case ActionType::replicas:
            return replicas_options;
        case ActionType::restore:
            return restore_options;
        case ActionType::rollover:
            return rollover_options;
        case ActionType::shrink:
            return shrink_options;
        case ActionType::snapshot:
            return snapshot_options;
        case ActionType::delete_indices:
        case ActionType::freeze:
        case ActionType::open:
        case ActionType::unfreeze:
            break;
    }
    return {};
}

std::span<const OptionSpec> common_action_keys() {
    return common_options;
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The keys that client files may have, by their sections.
#pragma once

#include "jobs/rotate/option_schema.hpp"

#include <array>
#include <string_view>

namespace caretaker {

/// Of any type, and of no effect.
constexpr OptionSpec ignored_key(std::string_view name) {
    return {.name = name, .type = OptionType::any};
}

constexpr OptionSpec flag_key(std::string_view name, std::string_view fallback = "false") {
    return {.name = name, .type = OptionType::flag, .fallback = fallback};
}

inline constexpr double longest_timeout = 86'400;

inline constexpr std::array old_client_keys{
    OptionSpec{.name = "hosts", .type = OptionType::texts, .fallback = "127.0.0.1"},
    OptionSpec{
        .name = "port", .type = OptionType::integer, .fallback = "9200", .min = 1, .max = 65'535},
    OptionSpec{.name = "url_prefix"},
    flag_key("use_ssl"),
    OptionSpec{.name = "certificate"},
    OptionSpec{.name = "client_cert"},
    OptionSpec{.name = "client_key"},
    flag_key("ssl_no_validate"),
    flag_key("ssl_show_warn"),
    OptionSpec{.name = "http_auth"},
    OptionSpec{.name = "username"},
    OptionSpec{.name = "password"},
    OptionSpec{.name = "api_key"},
    ignored_key("apikey_auth"),
    OptionSpec{.name = "timeout",
               .type = OptionType::real,
               .fallback = "30",
               .min = 1,
               .max = longest_timeout},
    flag_key("master_only"),
    ignored_key("aws_key"),
    ignored_key("aws_secret_key"),
    ignored_key("aws_token"),
    ignored_key("aws_sign_request"),
    ignored_key("aws_region"),
};

inline constexpr std::array new_client_keys{
    OptionSpec{.name = "hosts", .type = OptionType::texts, .fallback = "http://127.0.0.1:9200"},
    OptionSpec{.name = "cloud_id"},
    OptionSpec{.name = "bearer_auth"},
    OptionSpec{.name = "opaque_id"},
    OptionSpec{.name = "headers", .type = OptionType::map},
    flag_key("verify_certs", "true"),
    OptionSpec{.name = "ca_certs"},
    OptionSpec{.name = "client_cert"},
    OptionSpec{.name = "client_key"},
    OptionSpec{.name = "request_timeout",
               .type = OptionType::real,
               .fallback = "30",
               .min = 0.1,
               .max = longest_timeout},
    ignored_key("ssl_assert_hostname"),
    ignored_key("ssl_assert_fingerprint"),
    ignored_key("ssl_version"),
    ignored_key("ssl_context"),
    ignored_key("ssl_show_warn"),
    ignored_key("http_compress"),
    ignored_key("connections_per_node"),
    ignored_key("max_retries"),
    ignored_key("retry_on_status"),
    ignored_key("retry_on_timeout"),
    ignored_key("sniff_on_start"),
    ignored_key("sniff_before_requests"),
    ignored_key("sniff_on_node_failure"),
    ignored_key("sniff_timeout"),
    ignored_key("min_delay_between_sniffing"),
    ignored_key("sniffed_node_callback"),
    ignored_key("sniff_callback"),
    ignored_key("meta_header"),
    ignored_key("dead_node_backoff_factor"),
    ignored_key("max_dead_node_backoff"),
    ignored_key("node_class"),
    ignored_key("node_pool_class"),
    ignored_key("randomize_nodes_in_pool"),
    ignored_key("node_selector_class"),
    ignored_key("transport_class"),
    ignored_key("serializer"),
    ignored_key("serializers"),
    ignored_key("default_mimetype"),
    ignored_key("host_info_callback"),
};

inline constexpr std::array other_keys{
    OptionSpec{.name = "username"},
    OptionSpec{.name = "password"},
    OptionSpec{.name = "api_key", .type = OptionType::map},
    flag_key("master_only"),
    flag_key("skip_version_test"),
};

inline constexpr std::array key_keys{
    OptionSpec{.name = "id"}, OptionSpec{.name = "api_key"}, OptionSpec{.name = "token"}};

inline constexpr std::array logging_keys{ignored_key("loglevel"),
                                         ignored_key("logfile"),
                                         ignored_key("logformat"),
                                         ignored_key("blacklist")};

}  // namespace caretaker

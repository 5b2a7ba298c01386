// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/reindex_options.hpp"

#include "common/http/url.hpp"
#include "common/text/redact.hpp"
#include "jobs/rotate/reindex_plan.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

namespace caretaker {

namespace {

constexpr OptionSpec any(std::string_view name) {
    return {.name = name, .type = OptionType::any};
}

constexpr OptionSpec map(std::string_view name, bool required = false) {
    return {.name = name, .type = OptionType::map, .required = required};
}

constexpr std::array body_keys{
    map("source", true),
    map("dest", true),
    OptionSpec{.name = "conflicts", .type = OptionType::choice, .choices = "proceed|abort"},
    any("max_docs"),
    any("size"),
    map("script")};

constexpr std::array source_keys{
    OptionSpec{.name = "index", .type = OptionType::texts, .required = true},
    map("query"),
    map("remote"),
    any("size"),
    any("max_docs"),
    any("slice"),
    any("_source"),
    any("type"),
    any("sort"),
};

constexpr std::array dest_keys{
    OptionSpec{.name = "index", .required = true},
    any("version_type"),
    any("op_type"),
    any("pipeline"),
    any("type"),
    any("routing"),
};

constexpr std::array remote_keys{
    OptionSpec{.name = "host", .required = true},
    OptionSpec{.name = "username"},
    OptionSpec{.name = "password"},
    any("socket_timeout"),
    any("connect_timeout"),
    map("headers"),
};

}  // namespace

void check_reindex_options(const CheckedOptions& options, OptionChecker& checker) {
    const CuratorValue* body = options.find("request_body");
    if (body == nullptr || body->type != CuratorType::map) {
        return;
    }
    checker.check(body, body_keys, {}, "request_body", body->at);
    const CuratorValue* source = body->find("source");
    const CuratorValue* dest = body->find("dest");
    if (source == nullptr || dest == nullptr || source->type != CuratorType::map ||
        dest->type != CuratorType::map) {
        return;
    }
    checker.check(source, source_keys, {}, "source", source->at);
    checker.check(dest, dest_keys, {}, "dest", dest->at);
    const ReindexRequest request = read_reindex_request(*body);
    if (request.remote != nullptr) {
        checker.check(request.remote, remote_keys, {}, "remote", request.remote->at);
        const CuratorValue* host = request.remote->find("host");
        const auto url = host == nullptr ? std::nullopt : parse_url(host->text);
        if (host != nullptr && !url) {
            checker.complain(
                host->at,
                fmt::format("'{}' is no address; write https://host:9200", redact_url(host->text)));
        }
    }
    for (const char* key : {"remote_aws_key", "remote_aws_secret_key", "remote_aws_region"}) {
        if (options.is_given(key)) {
            checker.complain(options.position(key),
                             fmt::format("{}: requests cannot be signed for AWS", key));
        }
    }
    const bool has_affix =
        !options.text("migration_prefix").empty() || !options.text("migration_suffix").empty();
    if (request.migrates() && request.remote == nullptr && !has_affix) {
        checker.complain(dest->at,
                         "MIGRATION within one cluster needs migration_prefix or migration_suffix, "
                         "or each index would be copied onto itself");
    }
}

}  // namespace caretaker

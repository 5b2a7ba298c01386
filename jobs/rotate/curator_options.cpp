// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/curator_options.hpp"

#include "common/base/error.hpp"
#include "jobs/rotate/cloud_id.hpp"
#include "jobs/rotate/single_action.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

void set_unless_empty(std::string& where, const std::string& value) {
    if (!value.empty()) {
        where = value;
    }
}

void set_header(std::vector<HttpHeader>& headers, std::string name, std::string value) {
    std::erase_if(headers, [&](const HttpHeader& header) { return header.name == name; });
    headers.push_back({std::move(name), std::move(value)});
}

}  // namespace

std::string encode_base64(std::string_view text) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::uint32_t six_bits = 63;
    std::string encoded;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = (group << 8U) |
                    (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            encoded += i + j <= text.size() ? letters[(group >> (18U - 6U * j)) & six_bits] : '=';
        }
    }
    return encoded;
}

// CLI11's own check words itself by its version.
std::string check_seconds(const std::string& text) {
    constexpr double least = 0.1;
    constexpr double most = 86'400;
    double seconds = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, seconds);
    const bool good =
        parsed.ec == std::errc{} && parsed.ptr == end && seconds >= least && seconds <= most;
    return good ? std::string() : fmt::format("'{}' is not from 0.1 to 86400 seconds", text);
}

void apply_curator_options(const CuratorOptions& options, ClientFile& client) {
    HttpOptions& http = client.service.http;
    if (!options.hosts.empty()) {
        std::string text = "elasticsearch: {client: {hosts: [";
        for (const std::string& host : options.hosts) {
            std::string quoted = host;
            for (std::size_t at = 0; (at = quoted.find('\'', at)) != std::string::npos; at += 2) {
                quoted.insert(at, 1, '\'');
            }
            text += fmt::format("'{}',", quoted);
        }
        const ClientFile hosts = read_client_file(
            text + "]}}\n", "--hosts", [](std::string_view) { return std::nullopt; });
        if (!hosts.problems.empty()) {
            throw UsageError(fmt::format("--hosts: {}", hosts.problems.front().message));
        }
        client.service.endpoints = hosts.service.endpoints;
        client.service.warnings.insert(client.service.warnings.end(),
                                       hosts.service.warnings.begin(),
                                       hosts.service.warnings.end());
        set_unless_empty(http.user, hosts.service.http.user);
        set_unless_empty(http.password, hosts.service.http.password);
    }
    if (!options.cloud_id.empty()) {
        const auto address = address_of_cloud(options.cloud_id);
        if (!options.hosts.empty()) {
            throw UsageError("--cloud_id and --hosts both say where the cluster is");
        }
        if (!address) {
            throw UsageError("--cloud_id is no id of Elastic Cloud; write the address to --hosts");
        }
        client.service.endpoints = {*address};
    }
    if (!options.logfile.empty()) {
        client.service.warnings.emplace_back("--logfile: it is not written; logs go to stderr");
    }
    http.service = "elasticsearch";
    set_unless_empty(http.user, options.username);
    set_unless_empty(http.password, options.password);
    set_unless_empty(http.token, options.bearer_auth);
    set_unless_empty(http.ca_file, options.ca_certs);
    set_unless_empty(http.client_cert, options.client_cert);
    set_unless_empty(http.client_key, options.client_key);
    if (options.id.empty() != options.api_key.empty()) {
        throw UsageError("--id and --api_key are of no use one without the other");
    }
    if (!options.api_token.empty()) {
        set_header(http.headers, "Authorization", "ApiKey " + options.api_token);
    } else if (!options.id.empty()) {
        set_header(http.headers,
                   "Authorization",
                   "ApiKey " + encode_base64(fmt::format("{}:{}", options.id, options.api_key)));
    }
    if (!options.opaque_id.empty()) {
        set_header(http.headers, "X-Opaque-Id", options.opaque_id);
    }
    if (options.request_timeout) {
        http.request_timeout =
            std::chrono::milliseconds(static_cast<std::int64_t>(*options.request_timeout * 1000));
    }
    if (options.verify_certs) {
        http.insecure = !*options.verify_certs;
    }
    client.master_only = options.master_only.value_or(client.master_only);
    if (client.master_only && client.service.endpoints.size() > 1) {
        throw UsageError("master_only needs exactly one host");
    }
}

std::optional<std::vector<std::string>> curator_arguments(
    const std::string& program, const std::vector<std::string>& arguments) {
    const std::string name = program.substr(program.rfind('/') + 1);
    if (name != "curator" && name != "curator_cli") {
        return std::nullopt;
    }
    // Curator never asks, and has no brake.
    std::vector<std::string> words{"rotate", "--as-curator", "--yes", "--max-percent", "100"};
    for (const std::string& argument : arguments) {
        // "delete_indices" is the older spelling of "delete-indices".
        std::string dashed = argument;
        std::ranges::replace(dashed, '_', '-');
        const auto actions = single_action_names();
        const bool is_action =
            name == "curator_cli" && std::ranges::find(actions, dashed) != actions.end();
        words.push_back(is_action ? dashed : argument);
    }
    return words;
}

int curator_exit_code(int code) {
    constexpr int usage = 2;
    constexpr int first_signal = 128;
    return code == 0 || code == usage || code > first_signal ? code : 1;
}

}  // namespace caretaker

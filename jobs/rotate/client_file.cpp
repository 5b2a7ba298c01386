// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/client_file.hpp"

#include "common/http/url.hpp"
#include "common/text/redact.hpp"
#include "jobs/rotate/client_keys.hpp"
#include "jobs/rotate/cloud_id.hpp"
#include "jobs/rotate/curator_options.hpp"
#include "jobs/rotate/host_text.hpp"
#include "jobs/rotate/option_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

class ClientReader {
 public:
    ClientReader(std::string_view file, std::vector<ConfigProblem> problems)
        : file_(file), result_{.problems = std::move(problems)}, checker_(file, result_.problems) {
        result_.service.http.service = "elasticsearch";
    }

    ClientFile read(const CuratorValue& root) {
        if (root.type == CuratorType::null) {
            add_default();
            return std::move(result_);
        }
        if (root.type != CuratorType::map) {
            checker_.complain(root.at, "a client file is a map");
            return std::move(result_);
        }
        const bool is_old = root.find("client") != nullptr;
        for (const CuratorKey& key : root.keys) {
            if (key.text != (is_old ? "client" : "elasticsearch") && key.text != "logging") {
                checker_.complain(key.at, fmt::format("unknown key '{}'", key.text));
            }
        }
        if (const CuratorValue* logging = root.find("logging")) {
            if (check(logging, logging_keys, "logging").is_given("logfile")) {
                result_.service.warnings.push_back(
                    fmt::format("{}: logging.logfile is not written; logs go to stderr", file_));
            }
        }
        if (is_old) {
            read_old(root.find("client"));
        } else if (const CuratorValue* section = root.find("elasticsearch")) {
            read_new(*section);
        } else {
            add_default();
        }
        return std::move(result_);
    }

 private:
    CheckedOptions check(const CuratorValue* map,
                         std::span<const OptionSpec> specs,
                         const std::string& owner) {
        if (map != nullptr && map->type != CuratorType::map && map->type != CuratorType::null) {
            checker_.complain(map->at, fmt::format("{} must be a map", owner));
        }
        return checker_.check(map, specs, {}, owner, map == nullptr ? TextPosition{} : map->at);
    }

    void read_old(const CuratorValue* client) {
        const CheckedOptions options = check(client, old_client_keys, "client");
        HttpOptions& http = result_.service.http;
        for (const char* key : {"aws_key", "aws_sign_request", "aws_region"}) {
            const CuratorValue* value = options.find(key);
            const bool is_set = value != nullptr && !value->text.empty() &&
                                !(value->type == CuratorType::boolean && !value->flag);
            if (is_set) {
                checker_.complain(value->at,
                                  fmt::format("{}: requests cannot be signed for AWS", key));
            }
        }
        std::string user = options.text("username");
        std::string password = options.text("password");
        if (const std::string both = options.text("http_auth"); !both.empty()) {
            const std::size_t colon = both.find(':');
            if (colon == std::string::npos) {
                checker_.complain(options.position("http_auth"), "http_auth must be USER:PASSWORD");
            } else {
                user = both.substr(0, colon);
                password = both.substr(colon + 1);
            }
        }
        http.user = user;
        http.password = password;
        if (options.has("api_key")) {
            http.headers.push_back({"x-api-key", options.text("api_key")});
        }
        http.ca_file = options.text("certificate");
        http.client_cert = options.text("client_cert");
        http.client_key = options.text("client_key");
        http.insecure = options.flag("ssl_no_validate");
        set_timeout(options.real("timeout"));
        result_.master_only = options.flag("master_only");
        std::string prefix = options.text("url_prefix");
        while (prefix.starts_with('/')) {
            prefix.erase(0, 1);
        }
        for (const std::string& host : options.texts("hosts")) {
            HostText parts = split_host(host);
            if (parts.scheme.empty()) {
                parts.scheme = options.flag("use_ssl") ? "https" : "http";
            }
            const std::string port = fmt::format(":{}", options.integer("port"));
            add_endpoint(options, host, parts, parts.has_port ? std::string() : port, prefix);
        }
    }

    void read_new(const CuratorValue& section) {
        if (section.type == CuratorType::null) {
            return add_default();
        }
        for (const CuratorKey& key : section.keys) {
            if (key.text != "client" && key.text != "other_settings") {
                checker_.complain(
                    key.at, fmt::format("elasticsearch does not know the key '{}'", key.text));
            }
        }
        const CheckedOptions options = check(section.find("client"), new_client_keys, "client");
        const CheckedOptions other =
            check(section.find("other_settings"), other_keys, "other_settings");
        HttpOptions& http = result_.service.http;
        http.user = other.text("username");
        http.password = other.text("password");
        http.token = options.text("bearer_auth");
        if (const CuratorValue* key = other.find("api_key")) {
            add_api_key(*key);
        }
        if (options.has("opaque_id")) {
            http.headers.push_back({"X-Opaque-Id", options.text("opaque_id")});
        }
        if (const CuratorValue* headers = options.find("headers")) {
            for (std::size_t i = 0; i < headers->keys.size(); ++i) {
                HttpHeader header{headers->keys[i].text, headers->children[i].text};
                if (is_http_header(header)) {
                    http.headers.push_back(std::move(header));
                } else {
                    checker_.complain(headers->keys[i].at, "this header cannot be sent");
                }
            }
        }
        http.insecure = !options.flag("verify_certs");
        http.ca_file = options.text("ca_certs");
        http.client_cert = options.text("client_cert");
        http.client_key = options.text("client_key");
        set_timeout(options.real("request_timeout"));
        result_.master_only = other.flag("master_only");
        if (options.has("cloud_id")) {
            return add_cloud(options);
        }
        for (const std::string& host : options.texts("hosts")) {
            const HostText parts = split_host(host);
            if (parts.scheme != "http" && parts.scheme != "https") {
                checker_.complain(
                    options.position("hosts"),
                    fmt::format("'{}' must begin with http:// or https://", redact_url(host)));
                continue;
            }
            if (!parts.has_port) {
                result_.service.warnings.push_back(
                    fmt::format("{}: {} names no port, so it is {}, not 9200",
                                file_,
                                redact_url(host),
                                parts.scheme == "https" ? 443 : 80));
            }
            add_endpoint(options, host, parts, "", "");
        }
    }

    void add_cloud(const CheckedOptions& options) {
        const auto address = address_of_cloud(options.text("cloud_id"));
        if (options.is_given("hosts")) {
            checker_.complain(options.position("cloud_id"),
                              "cloud_id and hosts both say where the cluster is");
        } else if (!address) {
            checker_.complain(options.position("cloud_id"),
                              "cloud_id is no id of Elastic Cloud; write the address to hosts");
        } else {
            result_.service.endpoints = {*address};
        }
    }

    void add_default() { result_.service.endpoints = {"http://127.0.0.1:9200"}; }

    void add_api_key(const CuratorValue& key) {
        const CheckedOptions parts = check(&key, key_keys, "api_key");
        std::string token = parts.text("token");
        if (token.empty() && parts.has("id") != parts.has("api_key")) {
            checker_.complain(key.at, "api_key needs both id and api_key, or a token");
        }
        if (token.empty() && parts.has("id") && parts.has("api_key")) {
            token = encode_base64(fmt::format("{}:{}", parts.text("id"), parts.text("api_key")));
        }
        if (!token.empty()) {
            result_.service.http.headers.push_back({"Authorization", "ApiKey " + token});
        }
    }

    void set_timeout(double seconds) {
        result_.service.http.request_timeout =
            std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    }

    void add_endpoint(const CheckedOptions& options,
                      const std::string& written,
                      const HostText& parts,
                      const std::string& port,
                      const std::string& prefix) {
        const std::size_t path = std::min(parts.rest.find('/'), parts.rest.size());
        std::string text = fmt::format("{}://{}{}{}{}{}",
                                       parts.scheme,
                                       parts.rest.substr(0, path),
                                       port,
                                       parts.rest.substr(path),
                                       prefix.empty() ? "" : "/",
                                       prefix);
        const auto url = parse_url(text);
        if (!url) {
            checker_.complain(options.position("hosts"),
                              fmt::format("'{}' is no address", redact_url(written)));
            return;
        }
        if (!parts.userinfo.empty()) {
            const std::size_t colon = std::min(parts.userinfo.find(':'), parts.userinfo.size());
            HttpOptions& http = result_.service.http;
            http.user = parts.userinfo.substr(0, colon);
            http.password = parts.userinfo.substr(std::min(colon + 1, parts.userinfo.size()));
        }
        std::string endpoint = format_url(*url);
        while (endpoint.ends_with('/')) {
            endpoint.pop_back();
        }
        result_.service.endpoints.push_back(std::move(endpoint));
    }

    std::string_view file_;
    ClientFile result_;
    OptionChecker checker_;
};

}  // namespace

bool is_client_file(std::string_view text) {
    const CuratorDocument document = read_curator_yaml(
        text, "", [](std::string_view) -> std::optional<std::string> { return std::string(); });
    if (!document.root) {
        return false;
    }
    const CuratorValue* section = document.root->find("elasticsearch");
    return document.root->find("client") != nullptr ||
           (section != nullptr &&
            (section->find("client") != nullptr || section->find("other_settings") != nullptr));
}

bool may_be_client_file(std::string_view text) {
    const CuratorDocument document = read_curator_yaml(
        text, "", [](std::string_view) -> std::optional<std::string> { return std::string(); });
    return !document.root || document.root->type == CuratorType::null ||
           (document.root->type == CuratorType::map &&
            std::ranges::all_of(document.root->keys, [](const CuratorKey& key) {
                return key.text == "client" || key.text == "elasticsearch" || key.text == "logging";
            }));
}

ClientFile read_client_file(std::string_view text,
                            std::string_view file,
                            const VariableLookup& variables) {
    CuratorDocument document = read_curator_yaml(text, file, variables);
    if (!document.root) {
        return {.problems = std::move(document.problems)};
    }
    ClientFile result = ClientReader(file, std::move(document.problems)).read(*document.root);
    const HttpOptions& http = result.service.http;
    if (result.problems.empty() && http.user.empty() != http.password.empty()) {
        result.problems.push_back({.file = std::string(file),
                                   .message = "user and password are of no use one without the "
                                              "other"});
    }
    if (result.problems.empty() && result.master_only && result.service.endpoints.size() > 1) {
        result.problems.push_back(
            {.file = std::string(file), .message = "master_only needs exactly one host"});
    }
    return result;
}

}  // namespace caretaker

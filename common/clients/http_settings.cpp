// SPDX-License-Identifier: Apache-2.0
#include "common/clients/http_settings.hpp"

#include "common/base/error.hpp"
#include "common/config/secret_setting.hpp"
#include "common/http/url.hpp"
#include "common/text/redact.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr std::string_view unix_scheme = "unix://";

bool names_socket(std::string_view text) {
    return text.starts_with(unix_scheme) && text.substr(unix_scheme.size()).starts_with('/');
}

std::string socket_problem(std::string_view text) {
    return fmt::format(
        "'{}' must be the only address, and a whole path: unix:///var/run/docker.sock", text);
}

/// `section` with its dot is where a user belongs.
std::string url_problem(std::string_view text, std::string_view section) {
    const auto url = parse_url(text);
    if (!url || (url->scheme != "http" && url->scheme != "https")) {
        return fmt::format("'{}' is no address; write http://HOST:PORT or https://HOST:PORT",
                           redact_url(text));
    }
    if (url->has_userinfo) {
        return fmt::format(
            "'{}' holds a user or password; write the user to {}user and the password to the file "
            "of {}password_file",
            redact_url(text),
            section,
            section);
    }
    if (text.find_first_of("?#") != std::string_view::npos) {
        return fmt::format("'{}' has a query; write the address alone", redact(text, {}));
    }
    return {};
}

std::string user_problem(std::string_view text) {
    return text.find(':') == std::string_view::npos ? std::string()
                                                    : "a user's name cannot hold a colon";
}

std::string header_problem(const std::string& name, const std::string& value) {
    return is_http_header({name, value})
               ? std::string()
               : fmt::format(
                     "'{}' cannot be sent: a header needs a name without colon, and no line break",
                     name);
}

class HttpSettingsLoader {
 public:
    /// `target` is for messages.
    HttpSettingsLoader(const Settings& settings,
                       std::string_view section,
                       std::string_view target,
                       std::string_view service,
                       const UrlFlags& flags)
        : settings_(settings),
          target_(target),
          flags_(flags),
          section_(fmt::format("{}.", section)) {
        result_.http.service = service;
    }

    ServiceOptions load() {
        load_urls();
        load_credentials();
        load_tls();
        load_headers();
        HttpOptions& http = result_.http;
        http.proxy = settings_.text(key("proxy"));
        http.no_proxy = settings_.text(key("no_proxy"));
        http.connect_timeout = settings_.duration(key("connect_timeout"));
        http.request_timeout = settings_.duration(key("request_timeout"));
        http.max_response_bytes = settings_.bytes(key("max_response"));
        result_.redirect_auth = parse_redirect_auth(settings_.text(key("redirect_auth")))
                                    .value_or(RedirectAuth::listed);
        return std::move(result_);
    }

 private:
    [[nodiscard]] std::string key(std::string_view name) const {
        return fmt::format("{}{}", section_, name);
    }

    [[nodiscard]] std::string origin_of_urls() const {
        return flags_.urls.empty() ? key("urls") : std::string(flags_.name);
    }

    void load_urls() {
        const std::vector<std::string> urls =
            flags_.urls.empty() ? settings_.texts(key("urls"))
                                : std::vector<std::string>(flags_.urls.begin(), flags_.urls.end());
        if (urls.empty()) {
            throw UsageError(fmt::format(
                "looking for {} of target {}: no address is named; write {} http://HOST:PORT, or "
                "in caretaker.yml: targets: {{{}: {{{}: {{urls: [\"http://HOST:PORT\"]}}}}}}",
                result_.http.service,
                target_,
                flags_.name,
                target_,
                result_.http.service));
        }
        for (const std::string& url : urls) {
            add_url(url, urls.size());
        }
    }

    void add_url(const std::string& text, std::size_t count) {
        if (text.starts_with(unix_scheme)) {
            add_unix_socket(text, count);
            return;
        }
        if (const std::string problem = url_problem(text, section_); !problem.empty()) {
            throw UsageError(fmt::format("{}: {}", origin_of_urls(), problem));
        }
        std::string endpoint = format_url(*parse_url(text));
        while (endpoint.ends_with('/')) {
            endpoint.pop_back();
        }
        if (std::ranges::find(result_.endpoints, endpoint) == result_.endpoints.end()) {
            result_.endpoints.push_back(std::move(endpoint));
        }
    }

    void add_unix_socket(const std::string& text, std::size_t count) {
        if (!names_socket(text) || count != 1) {
            throw UsageError(fmt::format("{}: {}", origin_of_urls(), socket_problem(text)));
        }
        result_.http.unix_socket = text.substr(unix_scheme.size());
        result_.endpoints.emplace_back("http://localhost");
    }

    /// From the setting itself, or from the file that the setting with "_file" names.
    std::string secret(std::string_view name) {
        const std::string path = key(name);
        const std::string file_key = path + "_file";
        const std::string file = settings_.text(file_key);
        std::string value = read_secret(settings_, path).value_or("");
        std::error_code failure;
        const auto rights = std::filesystem::status(file, failure).permissions();
        if (!file.empty() && !failure &&
            (rights & std::filesystem::perms::others_read) != std::filesystem::perms::none) {
            result_.warnings.push_back(fmt::format(
                "{} holds a secret ({}) and everybody can read it; chmod o-r it", file, file_key));
        }
        return value;
    }

    void load_credentials() {
        HttpOptions& http = result_.http;
        http.user = settings_.text(key("user"));
        http.password = secret("password");
        http.token = secret("token");
        if (http.user.empty() != http.password.empty()) {
            throw UsageError(
                fmt::format("{} is set, but not {}; one is of no use without the other",
                            key(http.user.empty() ? "password" : "user"),
                            http.user.empty() ? key("user") : key("password_file")));
        }
        if (!http.user.empty() && !http.token.empty()) {
            throw UsageError(
                fmt::format("{} and {} are both set; a request can carry only one of them",
                            key("user"),
                            key("token")));
        }
        if (const std::string problem = user_problem(http.user); !problem.empty()) {
            throw UsageError(fmt::format("{}: {}", key("user"), problem));
        }
    }

    /// The path of a file that can be read.
    [[nodiscard]] std::string readable(std::string_view name) const {
        std::string path = settings_.text(key(name));
        if (!path.empty() && ::access(path.c_str(), R_OK) != 0) {
            throw UsageError(
                fmt::format("{}: {} cannot be read: {}; check the path and its "
                            "permissions",
                            key(name),
                            path,
                            std::generic_category().message(errno)));
        }
        return path;
    }

    void load_tls() {
        HttpOptions& http = result_.http;
        http.ca_file = readable("ca_file");
        http.ca_dir = readable("ca_dir");
        http.client_cert = readable("client_cert");
        http.client_key = readable("client_key_file");
        http.insecure = settings_.flag(key("insecure"));
        std::error_code failure;
        if (!http.ca_dir.empty() && !std::filesystem::is_directory(http.ca_dir, failure)) {
            throw UsageError(fmt::format(
                "{}: {} is no directory; a file goes to ca_file", key("ca_dir"), http.ca_dir));
        }
        if (!http.client_key.empty() && http.client_cert.empty()) {
            throw UsageError(fmt::format("{} is set, but not {}; a key needs its certificate",
                                         key("client_key_file"),
                                         key("client_cert")));
        }
    }

    void load_headers() {
        for (const auto& [name, value] : settings_.map(key("headers"))) {
            if (const std::string problem = header_problem(name, value); !problem.empty()) {
                throw UsageError(fmt::format("{}: {}", key("headers"), problem));
            }
            result_.http.headers.push_back({name, value});
        }
    }

    const Settings& settings_;
    std::string target_;
    UrlFlags flags_;
    std::string section_;
    ServiceOptions result_{};
};

}  // namespace

ServiceOptions load_http_options(const Settings& settings,
                                 std::string_view target,
                                 std::string_view service,
                                 const UrlFlags& flags) {
    const std::string section = fmt::format("targets.{}.{}", target, service);
    return HttpSettingsLoader(settings, section, target, service, flags).load();
}

ServiceOptions load_section_http_options(const Settings& settings,
                                         std::string_view section,
                                         std::string_view service) {
    return HttpSettingsLoader(settings, section, section, service, {}).load();
}

std::string service_url_problem(std::string_view text) {
    if (text.starts_with(unix_scheme)) {
        return names_socket(text) ? std::string() : socket_problem(text);
    }
    return url_problem(text, "");
}

std::vector<ValueRule> http_value_rules() {
    std::vector<std::string> sections{"outbox.elasticsearch"};
    for (const std::string_view service : section_names("targets.*")) {
        if (service != "kafka") {
            sections.push_back(fmt::format("targets.*.{}", service));
        }
    }
    std::vector<ValueRule> rules;
    for (const std::string& section : sections) {
        rules.push_back({.key = section + ".urls",
                         .problem = [](auto text, auto) { return service_url_problem(text); }});
        rules.push_back({.key = section + ".user",
                         .problem = [](auto text, auto) { return user_problem(text); }});
        rules.push_back({.key = section + ".headers", .problem = [](auto text, auto name) {
                             return header_problem(std::string(name), std::string(text));
                         }});
    }
    return rules;
}

}  // namespace caretaker

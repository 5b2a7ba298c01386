// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/curator_environment.hpp"

#include "common/base/error.hpp"
#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace caretaker {

namespace {

/// Of an option as it is called on the command line; empty where it is not set.
std::string variable_of(std::string_view option, const VariableLookup& variables) {
    return variables(fmt::format("ESCLIENT_{}", option)).value_or("");
}

std::optional<bool> flag_of(std::string_view option, const VariableLookup& variables) {
    constexpr std::array<std::string_view, 5> on{"1", "true", "t", "yes", "on"};
    constexpr std::array<std::string_view, 5> off{"0", "false", "f", "no", "off"};
    const std::string word = ascii_lower(variable_of(option, variables));
    if (word.empty()) {
        return std::nullopt;
    }
    const bool is_on = std::ranges::find(on, word) != on.end();
    if (!is_on && std::ranges::find(off, word) == off.end()) {
        throw UsageError(fmt::format("ESCLIENT_{}: '{}' is neither true nor false", option, word));
    }
    return is_on;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; (begin = text.find_first_not_of(' ', begin)) != text.npos;) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        words.emplace_back(text.substr(begin, end - begin));
        begin = end;
    }
    return words;
}

}  // namespace

void take_curator_environment(const VariableLookup& variables, CuratorOptions& options) {
    if (!options.names_hosts()) {
        options.hosts = words_of(variable_of("HOSTS", variables));
        options.cloud_id = variable_of("CLOUD_ID", variables);
    }
    const std::array<std::pair<std::string_view, std::string&>, 9> texts{{
        {"USERNAME", options.username},
        {"PASSWORD", options.password},
        {"BEARER_AUTH", options.bearer_auth},
        {"API_TOKEN", options.api_token},
        {"ID", options.id},
        {"API_KEY", options.api_key},
        {"CA_CERTS", options.ca_certs},
        {"CLIENT_CERT", options.client_cert},
        {"CLIENT_KEY", options.client_key},
    }};
    for (const auto& [name, text] : texts) {
        if (text.empty()) {
            text = variable_of(name, variables);
        }
    }
    if (options.opaque_id.empty()) {
        options.opaque_id = variable_of("OPAQUE_ID", variables);
    }
    if (const std::string text = variable_of("REQUEST_TIMEOUT", variables);
        !options.request_timeout && !text.empty()) {
        if (const std::string why = check_seconds(text); !why.empty()) {
            throw UsageError("ESCLIENT_REQUEST_TIMEOUT: " + why);
        }
        double seconds = 0;
        std::from_chars(text.data(), text.data() + text.size(), seconds);
        options.request_timeout = seconds;
    }
    if (!options.verify_certs) {
        options.verify_certs = flag_of("VERIFY_CERTS", variables);
    }
    if (!options.master_only) {
        options.master_only = flag_of("MASTER_ONLY", variables);
    }
}

bool is_dry_run_of_environment(const VariableLookup& variables) {
    return flag_of("DRY_RUN", variables).value_or(false);
}

std::string find_client_file(const VariableLookup& variables) {
    if (std::string named = variable_of("CONFIG", variables); !named.empty()) {
        return named;
    }
    const std::string home = variables("HOME").value_or("");
    const std::string path = home + "/.curator/curator.yml";
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    return !home.empty() && std::filesystem::exists(status) ? path : std::string();
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// The command-line options of Curator's own, for wrappers that call it.
#pragma once

#include "common/http/service_http.hpp"
#include "jobs/rotate/client_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// As they were given; what is unset leaves the client file or the target's settings as they are.
struct CuratorOptions {
    std::vector<std::string> hosts{};
    std::string cloud_id{};
    std::string username{};
    std::string password{};
    std::string bearer_auth{};
    std::string api_token{};
    std::string id{};
    std::string api_key{};
    std::string ca_certs{};
    std::string client_cert{};
    std::string client_key{};
    std::string opaque_id{};
    std::string logfile{};
    std::optional<double> request_timeout{};
    std::optional<bool> verify_certs{};
    std::optional<bool> master_only{};
    bool without_effect = false;               // of all flags that are taken and ignored
    std::vector<std::string> ignored_words{};  // of all other options that are

    /// Whether they, or a client file, name the service.
    [[nodiscard]] bool names_hosts() const { return !hosts.empty() || !cloud_id.empty(); }
};

/// Why the text is no time to wait for an answer, in seconds; empty when it is one.
std::string check_seconds(const std::string& text);

/// Puts the options over `client`. Throws UsageError for hosts that are no addresses, and for
/// master_only with several.
void apply_curator_options(const CuratorOptions& options, ClientFile& client);

/// "Basic" encoding of RFC 4648.
std::string encode_base64(std::string_view text);

/// The arguments for `rotate` when the program was called as `curator` or `curator_cli`; nothing
/// when it was not.
std::optional<std::vector<std::string>> curator_arguments(
    const std::string& program, const std::vector<std::string>& arguments);

/// What Curator returns: 0, 2 for a wrong command line, else 1; signals as they are.
int curator_exit_code(int code);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/curator_flags.hpp"

#include <optional>
#include <string>

namespace caretaker {

namespace {

constexpr const char* curator_group = "Options of Curator";

}  // namespace

void add_curator_options(CommandOptions& command, CuratorOptions& options) {
    const auto text = [&](const char* name, std::string& value, const char* help) {
        command.add(name, value, help, {.type = "TEXT", .group = curator_group});
    };
    command.add("--hosts",
                options.hosts,
                "Address of a node, with its port; repeatable",
                {.type = "URL", .group = curator_group});
    text("--cloud_id", options.cloud_id, "Elastic Cloud's id of the cluster, in place of --hosts");
    text("--username", options.username, "User of basic authentication");
    text("--password", options.password, "Their password; better in a file");
    text("--bearer_auth", options.bearer_auth, "A bearer token; better in a file");
    text("--api_token", options.api_token, "An API key, encoded; better in a file");
    text("--id", options.id, "Id of an API key");
    text("--api_key", options.api_key, "The API key; better in a file");
    text("--ca_certs", options.ca_certs, "PEM file of the certificate authorities to trust");
    text("--client_cert", options.client_cert, "PEM file of the client's certificate");
    text("--client_key", options.client_key, "PEM file of its key");
    text("--logfile", options.logfile, "Not written; logs go to stderr");
    text("--opaque_id", options.opaque_id, "X-Opaque-Id of each request");
    command.add("--request_timeout",
                options.request_timeout,
                "Until an answer must be there",
                {.type = "SECONDS", .group = curator_group, .check = check_seconds});
    const auto flag = [&](const char* names, std::optional<bool>& value, const char* help) {
        command.add_flag(names, value, help, {.group = curator_group});
    };
    flag("--verify_certs,!--no-verify_certs",
         options.verify_certs,
         "Verify the server's certificate");
    flag("--master-only,!--no-master-only",
         options.master_only,
         "Do nothing unless the node asked is the elected master");
    for (const char* names :
         {"--http_compress,!--no-http_compress", "--skip_version_test,!--no-skip_version_test"}) {
        command.add_flag(
            names, options.without_effect, "Taken, and of no effect", {.group = curator_group});
    }
    for (const char* name : {"--loglevel",
                             "--logformat",
                             "--blacklist",
                             "--debug-level",
                             "--ssl_assert_hostname",
                             "--ssl_assert_fingerprint",
                             "--ssl_version"}) {
        command.add(name,
                    options.ignored_words,
                    "Taken, and of no effect",
                    {.type = "TEXT", .group = curator_group});
    }
}

}  // namespace caretaker

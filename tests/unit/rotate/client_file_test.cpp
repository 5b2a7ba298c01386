// SPDX-License-Identifier: Apache-2.0
// Client files of all generations of Curator.
#include "jobs/rotate/client_file.hpp"

#include "jobs/rotate/cloud_id.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

using Endpoints = std::vector<std::string>;

ClientFile read(std::string_view text) {
    return read_client_file(text, "curator.yml", [](std::string_view name) {
        return name == "HOST" ? std::optional<std::string>("es1") : std::nullopt;
    });
}

std::string problems(std::string_view text) {
    const ClientFile file = read(text);
    return file.problems.empty() ? std::string() : format_problems(file.problems);
}

TEST(ClientFile, OfCurator5NamesHostsWithOnePort) {
    const ClientFile file = read(
        "client:\n  hosts:\n  - a\n  - 'b:9300'\n  - https://c:1/x\n  - '::1'\n  - '[::2]:5'\n"
        "  - u:p@d\n  - ${HOST}\n"
        "  port: 9201\n  url_prefix: /es\n  use_ssl: False\n  certificate:\n  timeout: 60\n"
        "  ssl_no_validate: True\n  master_only: no\n"
        "logging: {loglevel: INFO, logfile: , logformat: default, blacklist: ['urllib3']}\n");
    EXPECT_TRUE(file.problems.empty());
    EXPECT_EQ(file.service.endpoints,
              (Endpoints{"http://a:9201/es",
                         "http://b:9300/es",
                         "https://c:1/x/es",
                         "http://[::1]:9201/es",
                         "http://[::2]:5/es",
                         "http://d:9201/es",
                         "http://es1:9201/es"}));
    EXPECT_EQ(file.service.http.user, "u");
    EXPECT_EQ(file.service.http.password, "p");
    EXPECT_TRUE(file.service.http.insecure);
    EXPECT_EQ(file.service.http.request_timeout, std::chrono::seconds(60));
}

TEST(ClientFile, HasDefaultsForEverything) {
    EXPECT_EQ(read("client:\n").service.endpoints, Endpoints{"http://127.0.0.1:9200"});
    EXPECT_EQ(read("elasticsearch:\n").service.endpoints, Endpoints{"http://127.0.0.1:9200"});
    EXPECT_EQ(read("client: {use_ssl: true, http_auth: 'a:b:c'}\n").service.endpoints,
              Endpoints{"https://127.0.0.1:9200"});
    EXPECT_EQ(read("client: {http_auth: 'a:b:c'}\n").service.http.password, "b:c");
}

TEST(ClientFile, OfCurator8TakesWholeAddresses) {
    const ClientFile file = read(
        "elasticsearch:\n  client: {hosts: https://a, verify_certs: false, request_timeout: 0.5, "
        "max_retries: 3}\n  other_settings: {api_key: {id: id, api_key: key}, master_only: "
        "true}\n");
    EXPECT_TRUE(file.problems.empty());
    EXPECT_EQ(file.service.endpoints, Endpoints{"https://a"});
    EXPECT_EQ(file.service.warnings.size(), 1U);
    EXPECT_EQ(file.service.http.request_timeout, std::chrono::milliseconds(500));
    EXPECT_TRUE(file.master_only);
    ASSERT_EQ(file.service.http.headers.size(), 1U);
    EXPECT_EQ(file.service.http.headers[0].value, "ApiKey aWQ6a2V5");
}

TEST(ClientFile, SaysWhatIsWrong) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"client: 5\n", "client must be a map"},
        {"client: {host: a}\n", "client does not know the key 'host'; did you mean 'hosts'?"},
        {"client: {port: 99999}\n", "port must be from 1 to 65535"},
        {"client: {http_auth: anna}\n", "http_auth must be USER:PASSWORD"},
        {"client: {hosts: 'a b'}\n", "'a b' is no address"},
        {"client: {username: anna}\n", "user and password"},
        {"client: {hosts: [a, b], master_only: true}\n", "master_only needs exactly one host"},
        {"client: {aws_sign_request: true}\n", "requests cannot be signed for AWS"},
        {"client: {}\nlogging: {logfomat: json}\n", "did you mean 'logformat'?"},
        {"client: {}\nother: 1\n", "unknown key 'other'"},
        {"elasticsearch: {client: {hosts: a}}\n", "must begin with http:// or https://"},
        {"elasticsearch: {client: {cloud_id: x}}\n", "cloud_id is no id of Elastic Cloud"},
        {"elasticsearch: {other_settings: {api_key: {id: x}}}\n", "needs both id and api_key"},
        {"elasticsearch: {extra: 1}\n", "does not know the key 'extra'"},
        {"- 1\n", "a client file is a map"},
    };
    for (const auto& [text, message] : cases) {
        EXPECT_NE(problems(text).find(message), std::string::npos) << text << problems(text);
    }
}

TEST(ClientFile, IsToldFromAConfigurationOfCaretaker) {
    EXPECT_TRUE(is_client_file("client: {}\n"));
    EXPECT_TRUE(is_client_file("elasticsearch: {client: {hosts: http://a:1}}\nlogging: {}\n"));
    EXPECT_FALSE(is_client_file("targets: {prod: {elasticsearch: {urls: []}}}\n"));
    EXPECT_FALSE(is_client_file("elasticsearch: {}\n"));
    EXPECT_FALSE(is_client_file("{"));
    EXPECT_FALSE(is_client_file(""));
}

TEST(ClientFile, MayHoldLessWhereOneIsExpected) {
    for (const char* text : {"", "---\n", "elasticsearch:\n", "logging: {}\n", "client:\n", "{"}) {
        EXPECT_TRUE(may_be_client_file(text)) << text;
    }
    EXPECT_FALSE(may_be_client_file("targets: {prod: {elasticsearch: {urls: []}}}\n"));
    EXPECT_FALSE(may_be_client_file("elasticsearch: {}\nstore: {}\n"));
    EXPECT_FALSE(may_be_client_file("[]\n"));
}

TEST(ClientFile, OfNothingIsThatOfTheLocalHost) {
    for (const char* text : {"", "---\n", "elasticsearch:\n", "logging: {}\n", "client:\n"}) {
        const ClientFile file = read(text);
        EXPECT_TRUE(file.problems.empty()) << text;
        EXPECT_EQ(file.service.endpoints, std::vector<std::string>{"http://127.0.0.1:9200"})
            << text;
    }
}

TEST(ClientFile, SaysThatALogFileIsNotWritten) {
    EXPECT_TRUE(read("logging: {loglevel: DEBUG, logfile: }\n").service.warnings.empty());
    EXPECT_EQ(
        read("logging: {logfile: /var/log/curator.log}\n").service.warnings,
        std::vector<std::string>{"curator.yml: logging.logfile is not written; logs go to stderr"});
}

// "europe.example$abc$def", and the same with a port.
constexpr const char* cloud_id = "name:ZXVyb3BlLmV4YW1wbGUkYWJjJGRlZg==";
constexpr const char* cloud_id_with_port = "ZXVyb3BlLmV4YW1wbGU6OTI0MyRhYmM=";

TEST(ClientFile, TakesTheIdOfElasticCloud) {
    EXPECT_EQ(address_of_cloud(cloud_id), "https://abc.europe.example");
    EXPECT_EQ(address_of_cloud(cloud_id_with_port), "https://abc.europe.example:9243");
    for (const char* wrong :
         {"", "name:", "name:!!", "name:ZXVyb3BlLmV4YW1wbGU=", "name:JGFiYw=="}) {
        EXPECT_FALSE(address_of_cloud(wrong)) << wrong;
    }
    const auto with = [](const std::string& keys) {
        return read("elasticsearch: {client: {" + keys + "}}\n");
    };
    EXPECT_EQ(with(std::string("cloud_id: '") + cloud_id + "'").service.endpoints,
              std::vector<std::string>{"https://abc.europe.example"});
    EXPECT_EQ(with("cloud_id: 'a:b'").problems.size(), 1U);
    EXPECT_EQ(
        with(std::string("hosts: 'http://a:1', cloud_id: '") + cloud_id + "'").problems.size(), 1U);
}

}  // namespace
}  // namespace caretaker

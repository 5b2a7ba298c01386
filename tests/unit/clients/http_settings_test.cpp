// SPDX-License-Identifier: Apache-2.0
// From settings to the options of a client.
#include "common/clients/http_settings.hpp"

#include "common/base/error.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace caretaker {
namespace {

using Texts = std::vector<std::string>;

class HttpSettingsTest : public ::testing::Test {
 protected:
    void set(const std::string& name, SettingValue value) {
        settings_.set({.spec = nullptr,
                       .path = "targets.prod.elasticsearch." + name,
                       .value = std::move(value),
                       .origin = "test"});
    }

    std::string write(const std::string& name, const std::string& text, bool open = false) {
        std::string path = dir_.file(name);
        std::ofstream(path) << text;
        using std::filesystem::perms;
        std::filesystem::permissions(
            path,
            perms::owner_read | perms::owner_write | (open ? perms::others_read : perms::none));
        return path;
    }

    ServiceOptions load() {
        return load_http_options(settings_, "prod", "elasticsearch", {"--es-url", flag_urls_});
    }

    std::string error() {
        try {
            load();
        } catch (const UsageError& error) {
            return error.what();
        }
        return "no error";
    }

    void expect_error(std::string_view words) {
        const std::string message = error();
        EXPECT_NE(message.find(words), std::string::npos) << message;
    }

    TempDir dir_{};
    Settings settings_{};
    Texts flag_urls_{};
};

TEST_F(HttpSettingsTest, TakesEverythingFromItsKeys) {
    set("urls", Texts{"http://es1:9200/", "https://ES2:9243/path/", "http://es1:9200"});
    set("user", std::string("elastic"));
    set("password_file", write("password", "hunter22\n"));
    set("ca_file", write("ca.pem", "x"));
    set("ca_dir", dir_.path().string());
    set("client_cert", write("cert.pem", "x"));
    set("client_key_file", write("key.pem", "x"));
    set("insecure", true);
    set("proxy", std::string("none"));
    set("no_proxy", std::string("a,b"));
    set("connect_timeout", std::int64_t{1'000});
    set("request_timeout", std::int64_t{2'000});
    set("max_response", std::int64_t{4'096});
    set("headers", TextMap{{"X-A", "b"}});
    set("redirect_auth", std::string("same-domain"));
    const ServiceOptions options = load();
    EXPECT_EQ(options.endpoints, (Texts{"http://es1:9200", "https://es2:9243/path"}));
    EXPECT_EQ(options.redirect_auth, RedirectAuth::same_domain);
    EXPECT_TRUE(options.warnings.empty());
    const HttpOptions& http = options.http;
    EXPECT_EQ(http.service, "elasticsearch");
    EXPECT_EQ(http.user, "elastic");
    EXPECT_EQ(http.password, "hunter22");
    EXPECT_EQ(http.ca_file, dir_.file("ca.pem"));
    EXPECT_EQ(http.ca_dir, dir_.path().string());
    EXPECT_EQ(http.client_cert, dir_.file("cert.pem"));
    EXPECT_EQ(http.client_key, dir_.file("key.pem"));
    EXPECT_TRUE(http.insecure);
    EXPECT_EQ(http.proxy, "none");
    EXPECT_EQ(http.no_proxy, "a,b");
    EXPECT_EQ(http.connect_timeout, std::chrono::seconds(1));
    EXPECT_EQ(http.request_timeout, std::chrono::seconds(2));
    EXPECT_EQ(http.max_response_bytes, 4'096U);
    ASSERT_EQ(http.headers.size(), 1U);
    EXPECT_EQ(http.headers[0].name, "X-A");
}

TEST_F(HttpSettingsTest, HasDefaultsForAllButTheAddress) {
    set("urls", Texts{"http://es1:9200"});
    const ServiceOptions options = load();
    EXPECT_EQ(options.http.connect_timeout, std::chrono::seconds(3));
    EXPECT_EQ(options.http.request_timeout, std::chrono::seconds(30));
    EXPECT_EQ(options.http.max_response_bytes, 64U << 20U);
    EXPECT_EQ(options.redirect_auth, RedirectAuth::listed);
    EXPECT_FALSE(options.http.insecure);
    EXPECT_FALSE(has_credentials(options.http));
    flag_urls_ = {"http://m:5050"};
    EXPECT_EQ(load_http_options(settings_, "prod", "mesos", {"--master", flag_urls_})
                  .http.max_response_bytes,
              256U << 20U);
}

TEST_F(HttpSettingsTest, SaysWhatToWriteWhereNoAddressIsNamed) {
    EXPECT_EQ(error(),
              "looking for elasticsearch of target prod: no address is named; write --es-url "
              "http://HOST:PORT, or in caretaker.yml: targets: {prod: {elasticsearch: {urls: "
              "[\"http://HOST:PORT\"]}}}");
}

TEST_F(HttpSettingsTest, LetsFlagsStandInForTheAddresses) {
    set("urls", Texts{"http://es1:9200"});
    flag_urls_ = {"http://other:9200"};
    EXPECT_EQ(load().endpoints, Texts{"http://other:9200"});
    flag_urls_ = {"other:9200"};
    expect_error("--es-url: 'other:9200' is no address; write http://HOST:PORT");
}

TEST_F(HttpSettingsTest, RefusesAddressesThatAreNone) {
    for (const std::string url :
         {"", "es1:9200", "ftp://es1", "http://", "http://h:1x", "http://h /"}) {
        set("urls", Texts{"http://es1:9200", url});
        expect_error("targets.prod.elasticsearch.urls: ");
    }
    set("urls", Texts{"http://es1:9200/?pretty"});
    expect_error("write the address alone");
}

TEST_F(HttpSettingsTest, RefusesAPasswordInAnAddressWithoutShowingIt) {
    set("urls", Texts{"http://elastic:geheim@es1:9200"});
    const std::string message = error();
    EXPECT_NE(message.find("password_file"), std::string::npos) << message;
    EXPECT_EQ(message.find("geheim"), std::string::npos) << message;
}

TEST_F(HttpSettingsTest, TakesAUnixSocketAlone) {
    set("urls", Texts{"unix:///var/run/docker.sock"});
    EXPECT_EQ(load().http.unix_socket, "/var/run/docker.sock");
    EXPECT_EQ(load().endpoints, Texts{"http://localhost"});
    set("urls", Texts{"unix:///a.sock", "http://es1:9200"});
    expect_error("must be the only address");
    set("urls", Texts{"unix://a.sock"});
    expect_error("a whole path");
}

TEST_F(HttpSettingsTest, ReadsSecretsFromFilesWithoutTheLastLineBreak) {
    set("urls", Texts{"http://es1:9200"});
    for (const std::string text : {"abc", "abc\n", "abc\r\n"}) {
        set("token_file", write("token", text));
        EXPECT_EQ(load().http.token, "abc");
    }
    set("token_file", write("token", " a b \n"));
    EXPECT_EQ(load().http.token, " a b ") << "blanks belong to it";
}

TEST_F(HttpSettingsTest, RefusesFilesThatHoldNoSecret) {
    set("urls", Texts{"http://es1:9200"});
    set("token_file", dir_.file("missing"));
    expect_error("No such file or directory");
    set("token_file", write("token", "\n"));
    expect_error("it is empty");
}

TEST_F(HttpSettingsTest, WarnsOfASecretThatEverybodyCanRead) {
    set("urls", Texts{"http://es1:9200"});
    set("token_file", write("token", "abc", true));
    ASSERT_EQ(load().warnings.size(), 1U);
    EXPECT_EQ(load().warnings.front(),
              dir_.file("token") +
                  " holds a secret (targets.prod.elasticsearch.token_file) and "
                  "everybody can read it; chmod o-r it");
}

TEST_F(HttpSettingsTest, RefusesAUserWithoutPassword) {
    set("urls", Texts{"http://es1:9200"});
    set("user", std::string("elastic"));
    expect_error("elasticsearch.user is set, but not targets.prod.elasticsearch.password_file");
    set("password", std::string("geheim"));
    EXPECT_EQ(load().http.password, "geheim");
    set("password_file", write("p", "other"));
    expect_error("are both set");
    EXPECT_EQ(error().find("geheim"), std::string::npos);
}

TEST_F(HttpSettingsTest, RefusesAPasswordWithoutUser) {
    set("urls", Texts{"http://es1:9200"});
    set("password", std::string("geheim"));
    expect_error("password is set, but not targets.prod.elasticsearch.user");
    EXPECT_EQ(error().find("geheim"), std::string::npos);
}

TEST_F(HttpSettingsTest, RefusesTwoKindsOfCredentials) {
    set("urls", Texts{"http://es1:9200"});
    set("user", std::string("elastic"));
    set("password", std::string("geheim"));
    set("token", std::string("abc"));
    expect_error("only one of them");
}

TEST_F(HttpSettingsTest, RefusesAUserWithAColon) {
    set("urls", Texts{"http://es1:9200"});
    set("user", std::string("a:b"));
    set("password", std::string("geheim"));
    expect_error("colon");
}

TEST_F(HttpSettingsTest, LooksAtCertificateFilesBeforeTheRun) {
    set("urls", Texts{"https://es1:9200"});
    for (const std::string name : {"ca_file", "ca_dir", "client_cert", "client_key_file"}) {
        set(name, dir_.file("missing"));
        expect_error("elasticsearch." + name + ": " + dir_.file("missing") + " cannot be read");
        set(name, std::string());
    }
    set("ca_dir", write("file", "x"));
    expect_error("is no directory");
    set("ca_dir", std::string());
    set("client_key_file", write("key", "x"));
    expect_error("a key needs its certificate");
}

TEST_F(HttpSettingsTest, RefusesHeadersThatCannotBeSent) {
    set("urls", Texts{"http://es1:9200"});
    for (const std::string name : {"", "a:b", "a\nb"}) {
        set("headers", TextMap{{name, "x"}});
        expect_error("cannot be sent");
    }
    set("headers", TextMap{{"X-A", "a\r\nX-B: c"}});
    expect_error("cannot be sent");
}

}  // namespace
}  // namespace caretaker

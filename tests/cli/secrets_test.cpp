// SPDX-License-Identifier: Apache-2.0
// Each kind of secret, at the most talkative log and with services that fail and repeat what they
// got: no byte of it in any output, log or file of the store.
#include "common/config/key_table.hpp"
#include "testjob_runs.hpp"
#include "tests/support/fake_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

std::string read_file(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/// Repeats in its body what it was sent.
ServedAnswer echo(int status, const HttpRequest& request) {
    std::string body;
    for (const HttpHeader& header : request.headers) {
        body += header.value + " ";
    }
    return {.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = body};
}

class Secrets : public ::testing::Test {
 protected:
    /// A file that holds a secret and so may.
    std::string secret_file(const std::string& name, const std::string& text) {
        std::ofstream(runs_.file(name)) << text;
        fs::permissions(runs_.file(name), fs::perms::owner_read | fs::perms::owner_write);
        inputs_.insert(name);
        return runs_.file(name);
    }

    void run(const Words& args, Variables variables = {}) {
        variables.emplace_back("CARETAKER_STATSD_ADDRESS", "file://" + runs_.file("statsd.log"));
        for (const bool of_testjob : {false, true}) {
            Command command = runs_.command(args, variables);
            if (!of_testjob) {
                command.argv.front() = CARETAKER_BINARY;
            }
            const Finished finished = run_command(command);
            std::string words;
            for (const std::string& arg : args) {
                words += " " + arg;
            }
            search(finished.out, "standard output of" + words);
            search(finished.err, "standard error of" + words);
        }
    }

    /// What shows the runs afterwards, and every byte that they left.
    void look_back(const Variables& variables = {}) {
        for (const Words& args : std::vector<Words>{{"history", "show", "last"},
                                                    {"history", "-o", "json"},
                                                    {"history", "show", "last", "-o", "jsonl"},
                                                    {"findings", "--all", "-o", "json"},
                                                    {"status", "-o", "json"},
                                                    {"status", "--nagios"},
                                                    {"config", "show", "--origin"},
                                                    {"config", "show", "-o", "json"},
                                                    {"config", "check"},
                                                    {"doctor", "-vv"},
                                                    {"doctor", "-vv", "-o", "json"},
                                                    {"again", "last", "-vv"}}) {
            run(args, variables);
        }
        std::size_t files = 0;
        for (const auto& entry : fs::recursive_directory_iterator(runs_.file(""))) {
            const std::string name = entry.path().filename().string();
            if (entry.is_regular_file() && !inputs_.contains(name)) {
                ++files;
                search(read_file(entry.path()), "the file " + name);
            }
        }
        EXPECT_GE(files, 2U) << "the store and the metrics at least";
    }

    void search(const std::string& text, const std::string& where) const {
        for (const std::string& secret : secrets_) {
            EXPECT_EQ(text.find(secret), std::string::npos)
                << secret << " stands in " << where << ":\n"
                << text.substr(0, 4000);
        }
    }

    TestjobRuns runs_;
    std::set<std::string> inputs_{};
    Words secrets_{};
};

TEST_F(Secrets, OfHttpServicesStandNowhere) {
    FakeServer server;
    int requests = 0;
    server.answer_by([&requests](const HttpRequest& request) {
        constexpr int statuses[] = {401, 500, 503, 200, 302};
        ServedAnswer answer = echo(statuses[++requests % 5], request);
        if (answer.status == 302) {
            answer.headers.push_back({"Location", "http://other.invalid/x"});
        }
        return answer;
    });
    secrets_ = {"pw-of-settings",
                "pw-of-file-1",
                "token-of-settings",
                "token-of-file-1",
                "pw-of-url-1",
                "pw-of-proxy",
                "header-secret-1",
                "key-header-1",
                "YW5uOnB3LW9m"};  // ann:pw-of… as basic authentication sends it
    const std::string url = server.url("");
    const std::string host = url.substr(url.find("://") + 3);
    const std::string config = secret_file(
        "caretaker.yml",
        "targets:\n  prod:\n"
        "    elasticsearch: {urls: ['" +
            url +
            "'], user: ann, password: pw-of-settings}\n"
            "    marathon: {urls: ['" +
            url + "'], user: ann, password_file: '" + secret_file("password", "pw-of-file-1\n") +
            "'}\n"
            "    mesos: {urls: ['" +
            url +
            "'], token: token-of-settings}\n"
            "    chronos: {urls: ['" +
            url + "'], token_file: '" + secret_file("token", "token-of-file-1\n") +
            "'}\n"
            "    kibana: {urls: ['http://ann:pw-of-url-1@" +
            host +
            "']}\n"
            "    logstash: {urls: ['" +
            url + "'], proxy: 'http://ann:pw-of-proxy@" + host +
            "',\n"
            "      headers: {Authorization: 'Bearer header-secret-1', X-Api-Key: key-header-1}}\n"
            "ping: {url: 'http://ann:pw-of-url-1@" +
            host + "/ping'}\n");
    const Variables variables{{"CARETAKER_CONFIG", config},
                              {"BUILD_URL", "http://ann:pw-of-url-1@ci.invalid/job/1"},
                              {"TERM", "dumb"}};
    run({"purge", "--yes", "-vv", "--target", "prod"}, variables);
    run({"purge", "--yes", "-vv", "-o", "json", "--target", "prod"}, variables);
    run({"purge", "--yes", "-vv", "--url", "http://ann:pw-of-url-1@" + host}, variables);
    run({"purge", "--dry-run", "-vv", "-o", "jsonl", "--url", "http://ann:pw-of-url-1@127.0.0.1:1"},
        variables);
    look_back(variables);
    EXPECT_GE(requests, 10);
}

TEST_F(Secrets, OfKafkaStandNowhere) {
    secrets_ = {"sasl-of-settings",
                "sasl-of-file-1",
                "sasl-of-variable",
                "sasl-of-jaas-1",
                "key-of-settings",
                "sasl-of-option"};
    const std::string properties =
        secret_file("client.properties",
                    "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.username=ann\n"
                    "sasl.password=sasl-of-file-1\n");
    const std::string config = secret_file(
        "caretaker.yml",
        "targets:\n"
        "  one:\n    kafka:\n      bootstrap_servers: ['127.0.0.1:1']\n      properties:\n"
        "        security.protocol: SASL_PLAINTEXT\n        sasl.mechanism: PLAIN\n"
        "        sasl.username: ann\n        sasl.password: sasl-of-settings\n"
        "        ssl.key.password: key-of-settings\n"
        "  two: {kafka: {bootstrap_servers: ['127.0.0.1:1'], properties_file: '" +
            properties +
            "'}}\n"
            "  three: {kafka: {bootstrap_servers: ['127.0.0.1:1'], connect_timeout: 1s}}\n"
            "  four: {kafka: {bootstrap_servers: ['127.0.0.1:1'], properties: {sasl.jaas.config: "
            "\"x "
            "required password='sasl-of-jaas-1';\", no.such.property: '1'}}}\n");
    const Variables variables{{"CARETAKER_CONFIG", config},
                              {"CARETAKER_TARGETS_THREE_KAFKA_PROPERTIES",
                               "security.protocol=SASL_PLAINTEXT,sasl.mechanism=PLAIN,"
                               "sasl.username=ann,sasl.password=sasl-of-variable"},
                              {"CARETAKER_TARGET", "one"}};
    for (const char* target : {"one", "two", "three", "four"}) {
        run({"lag", "-vv", "--target", target}, variables);
        run({"lag", "-vv", "-o", "json", "--target", target}, variables);
    }
    run({"lag", "-vv", "--bootstrap-server", "127.0.0.1:1", "-X", "sasl.password=sasl-of-option"},
        variables);
    run({"lag", "-vv", "--bootstrap-server", "127.0.0.1:1", "--properties", properties}, variables);
    look_back(variables);
}

TEST_F(Secrets, UnderEveryKeyThatTakesOneStopNoCommand) {
    const std::string file = secret_file("one", "secret-of-every-key\n");
    Variables direct{{"CARETAKER_CONFIG", runs_.configure_targets({"p"})}};
    Variables by_file = direct;
    for (const KeySpec& spec : key_table()) {
        if (spec.secret) {
            std::string path(spec.path);
            if (const std::size_t any = path.find('*'); any != std::string::npos) {
                path.replace(any, 1, "p");
            }
            direct.emplace_back(environment_name(path), "secret-of-every-key");
            by_file.emplace_back(environment_name(path + "_file"), file);
        }
    }
    ASSERT_GE(direct.size(), 16U);
    secrets_ = {"secret-of-every-key"};
    for (const Variables& variables : {direct, by_file}) {
        Command check = runs_.command({"config", "check"}, variables);
        check.argv.front() = CARETAKER_BINARY;
        const Finished checked = run_command(check);
        EXPECT_EQ(checked.status.code, 0) << checked.err;
        const Finished job = runs_.run({"idle", "-vv", "--no-statsd"}, variables);
        EXPECT_EQ(job.status.code, 0) << job.err;
        search(checked.out + checked.err + job.out + job.err, "what the commands print");
    }
}

TEST_F(Secrets, OfWrongConfigurationsStandNowhere) {
    secrets_ = {"8213774920", "pw-misplaced-1", "pw-of-url-2", "pw-in-list-3", "pw-of-env-file"};
    const std::string config = secret_file(
        "caretaker.yml",
        "targets:\n  prod:\n"
        "    elasticsearch: {urls: ['http://ann:pw-of-url-2@h:99999'], password: 8213774920}\n"
        "    marathon: {urls: ['h:1'], password: [pw-in-list-3]}\n"
        "    kibana: {pasword: pw-misplaced-1, token: {a: pw-in-list-3}}\n");
    const Variables variables{
        {"CARETAKER_CONFIG", config},
        {"CARETAKER_TARGETS_PROD_MESOS_PASSWORD_FILE", secret_file("two", "pw-of-env-file\n")},
        {"CARETAKER_TARGETS_PROD_MESOS_PASSWORD", "pw-of-env-file"}};
    for (const Words& args : std::vector<Words>{{"lag", "-vv"},
                                                {"lag", "-o", "json"},
                                                {"lag", "--nagios"},
                                                {"config", "check"},
                                                {"config", "check", "-o", "json"},
                                                {"config", "show"},
                                                {"history"},
                                                {"status", "--nagios"},
                                                {"doctor"},
                                                {"doctor", "-o", "json"}}) {
        run(args, variables);
    }
    run({"idle"});
    run({"purge", "--yes", "--url", "http://ann:pw-of-url-2@h:99999"});
    run({"purge", "--yes", "--url", "ftp://ann:pw-of-url-2@h/"});
    run({"idle", "--tokn=pw-misplaced-1", "http://ann:pw-of-url-2@h/"});
}

}  // namespace
}  // namespace caretaker::testing

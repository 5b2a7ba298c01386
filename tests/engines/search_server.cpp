// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/search_server.hpp"

#include "common/http/curl_http.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace caretaker::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto download_timeout = 10min;
constexpr auto start_timeout = 2min;
constexpr std::string_view nobody = "65534";  // the servers refuse to run as root

void run_or_give_up(const std::string& engine, const Command& command) {
    const Finished finished = run_command(command, download_timeout);
    if (finished.status.code != 0) {
        throw EngineUnavailable(fmt::format(
            "{}: {} failed:\n{}{}", engine, command.argv.front(), finished.out, finished.err));
    }
}

void unpack(const SearchDistribution& distribution, const std::filesystem::path& folder) {
    const std::string name(distribution.name);
    std::filesystem::create_directories(folder);
    Command fetch;
    fetch.argv = {"mvn",
                  "--batch-mode",
                  "--quiet",
                  "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
                  "-Dmdep.useBaseVersion=true",
                  fmt::format("-Dartifact={}", distribution.artifact),
                  fmt::format("-DoutputDirectory={}", folder.string())};
    run_or_give_up(name, fetch);
    const auto archive = folder / (name + ".zip");
    Command unzip;
    unzip.argv = {"unzip", "-q", archive.string(), "-d", folder.string()};
    run_or_give_up(name, unzip);
    std::filesystem::remove(archive);
    // Elasticsearch 2 ends when it cannot make its own.
    std::filesystem::create_directories(folder / name / "plugins");
    std::filesystem::create_directories(folder / name / "logs");
}

std::string family(const SearchDistribution& distribution) {
    return distribution.is_opensearch ? "opensearch" : "elasticsearch";
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

/// The server, another user when the tests are root, may not see the cache: its files get a second
/// name where it may.
std::filesystem::path visible_home(const std::filesystem::path& home,
                                   const std::filesystem::path& folder) {
    using std::filesystem::copy_options;
    if (::geteuid() != 0) {
        return home;
    }
    const auto visible = folder / home.filename();
    std::error_code failure;
    std::filesystem::copy(
        home, visible, copy_options::recursive | copy_options::create_hard_links, failure);
    if (failure) {  // another file system
        std::filesystem::remove_all(visible);
        std::filesystem::copy(home, visible, copy_options::recursive);
    }
    return visible;
}

/// Everybody may write there: the server is another user when the tests are root.
void open_to_all(const std::filesystem::path& folder) {
    std::filesystem::permissions(folder, std::filesystem::perms::all);
}

}  // namespace

std::span<const SearchDistribution> search_distributions() {
    static constexpr std::array<SearchDistribution, 3> all{{
        {.name = "opensearch-2.19.3",
         .artifact = "org.opensearch.distribution.integ-test-zip:opensearch:2.19.3:zip",
         .major = 2,
         .is_opensearch = true},
        {.name = "elasticsearch-7.17.28",
         .artifact = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:7.17.28:zip",
         .major = 7},
        {.name = "elasticsearch-2.4.6",
         .artifact = "org.elasticsearch.distribution.zip:elasticsearch:2.4.6:zip",
         .major = 2},
    }};
    return all;
}

std::filesystem::path search_home(const SearchDistribution& distribution) {
    const std::string name(distribution.name);
    require_programs(name, {"java", "mvn", "unzip"});
    return cached(name,
                  [&](const std::filesystem::path& folder) { unpack(distribution, folder); }) /
           name;
}

SearchServer::SearchServer(const SearchDistribution& distribution)
    : distribution_(distribution), home_(search_home(distribution)) {
    ::chmod(folder_.path().c_str(), 0755);
    home_ = visible_home(home_, folder_.path());
    http_ = make_curl_http({.service = family(distribution_)}, stop_);
    write_configuration();
    server_ = std::make_unique<ChildProcess>(command());
    wait_until_ready();
}

std::string SearchServer::url() const {
    return fmt::format("http://127.0.0.1:{}", port_);
}

std::string SearchServer::repository_folder() const {
    return (folder_.path() / "repo").string();
}

void SearchServer::write_configuration() {
    const auto folder = folder_.path();
    for (const char* name : {"config", "data", "logs", "repo", "tmp"}) {
        std::filesystem::create_directories(folder / name);
        open_to_all(folder / name);
    }
    const auto ports = free_tcp_ports(2);
    port_ = ports[0];
    const bool is_old = distribution_.major < 5 && !distribution_.is_opensearch;
    std::string settings = fmt::format(
        "cluster.name: engines\nnode.name: n1\npath.data: {0}/data\npath.logs: {0}/logs\n"
        "path.repo: [\"{0}/repo\"]\nnetwork.host: 127.0.0.1\nhttp.port: {1}\n{2}: {3}\n",
        folder.string(),
        port_,
        is_old ? "transport.tcp.port" : "transport.port",
        ports[1]);
    settings += is_old ? "" : "discovery.type: single-node\n";
    if (!is_old && !distribution_.is_opensearch) {
        settings += "xpack.security.enabled: false\n";
    }
    write_file(folder / "config" / (family(distribution_) + ".yml"), settings);
    write_file(folder / "config" / "log4j2.properties",
               "status = error\nappender.console.type = Console\nappender.console.name = console\n"
               "appender.console.layout.type = PatternLayout\n"
               "appender.console.layout.pattern = %d %p %c{1} %m%n\nrootLogger.level = warn\n"
               "rootLogger.appenderRef.console.ref = console\n");
    write_file(folder / "config" / "logging.yml",
               "rootLogger: WARN, console\nappender:\n  console:\n    type: console\n    layout:\n"
               "      type: consolePattern\n      conversionPattern: \"%d %p %c %m%n\"\n");
}

Command SearchServer::command() const {
    const std::string folder = folder_.path().string();
    const std::string home = home_.string();
    Command command;
    if (::geteuid() == 0) {
        command.argv = {"setpriv",
                        fmt::format("--reuid={}", nobody),
                        fmt::format("--regid={}", nobody),
                        "--clear-groups"};
    }
    const auto add = [&](std::vector<std::string> words) {
        command.argv.insert(command.argv.end(), words.begin(), words.end());
    };
    add({"java",
         "-Xms384m",
         "-Xmx384m",
         "-XX:+UseSerialGC",
         "-XX:TieredStopAtLevel=1",
         fmt::format("-Djava.io.tmpdir={}/tmp", folder),
         fmt::format("-Djna.tmpdir={}/tmp", folder),
         "-Djna.nosys=true",
         "-Dfile.encoding=UTF-8",
         "-Djava.awt.headless=true",
         "-Dlog4j2.disable.jmx=true",
         "-Dio.netty.noUnsafe=true",
         "-Djava.security.manager=allow"});
    for (const char* package : {"java.nio", "java.lang", "java.util", "sun.nio.ch"}) {
        add({fmt::format("--add-opens=java.base/{}=ALL-UNNAMED", package)});
    }
    const std::string prefix = distribution_.is_opensearch ? "opensearch" : "es";
    add({fmt::format("-D{}.path.home={}", prefix, home),
         fmt::format("-D{}.path.conf={}/config", prefix, folder)});
    if (distribution_.is_opensearch) {
        add({"-Dopensearch.distribution.type=zip",
             "-Dopensearch.bundled_jdk=false",
             "-cp",
             home + "/lib/*",
             "org.opensearch.bootstrap.OpenSearch"});
    } else if (distribution_.major < 5) {
        add({"-cp",
             fmt::format("{0}/lib/{1}.jar:{0}/lib/*", home, distribution_.name),
             "org.elasticsearch.bootstrap.Elasticsearch",
             "start"});
    } else {
        add({"-Des.distribution.flavor=default",
             "-Des.distribution.type=zip",
             "-Des.bundled_jdk=false",
             "-cp",
             home + "/lib/*",
             "org.elasticsearch.bootstrap.Elasticsearch"});
    }
    command.directory = home;
    command.environment = {{"LIBFFI_TMPDIR", folder + "/tmp"}};
    return command;
}

void SearchServer::wait_until_ready() {
    const auto deadline = std::chrono::steady_clock::now() + start_timeout;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto outcome =
            try_send(*http_, {.url = url() + "/_cluster/health?wait_for_status=yellow&timeout=1s"});
        const auto* response = std::get_if<HttpResponse>(&outcome);
        if (response != nullptr && response->ok()) {
            return;
        }
        if (server_->wait(100ms)) {
            break;
        }
    }
    throw std::runtime_error(fmt::format(
        "{} does not start:\n{}{}", distribution_.name, server_->out(), server_->err()));
}

HttpResponse SearchServer::send(HttpMethod method,
                                const std::string& path,
                                const std::string& body) {
    HttpRequest request{.method = method, .url = url() + path, .body = body};
    if (!body.empty()) {
        request.headers.push_back({"Content-Type", "application/json"});
    }
    return http_->send(request);
}

rapidjson::Document SearchServer::request(HttpMethod method,
                                          const std::string& path,
                                          const std::string& body) {
    const HttpResponse response = send(method, path, body);
    if (!response.ok()) {
        throw std::runtime_error(
            fmt::format("{} {}: {} {}", to_string(method), path, response.status, response.body));
    }
    return parse_json(response.body.empty() ? "null" : response.body);
}

int SearchServer::status(HttpMethod method, const std::string& path, const std::string& body) {
    return send(method, path, body).status;
}

void SearchServer::clear() {
    if (distribution_.major >= 7 || distribution_.is_opensearch) {
        status(HttpMethod::del, "/_data_stream/*");
    }
    request(HttpMethod::del, "/*");
}

bool SearchServer::has(const std::string& index) {
    return status(HttpMethod::head, "/" + index) == 200;
}

void SearchServer::create(const std::string& index, int documents) {
    request(HttpMethod::put,
            "/" + index,
            R"({"settings":{"index.number_of_shards":1,"index.number_of_replicas":0}})");
    for (int i = 0; i < documents; ++i) {
        request(
            HttpMethod::put,
            fmt::format("/{}/{}/{}?refresh=true",
                        index,
                        distribution_.major < 7 && !distribution_.is_opensearch ? "log" : "_doc",
                        i),
            fmt::format(R"({{"n":{}}})", i));
    }
}

}  // namespace caretaker::testing

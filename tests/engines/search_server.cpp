// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/search_server.hpp"

#include "common/http/curl_http.hpp"
#include "tests/engines/search_command.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace caretaker::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto start_timeout = 2min;

std::string family(const SearchDistribution& distribution) {
    return distribution.is_opensearch ? "opensearch" : "elasticsearch";
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

SearchServer::SearchServer(const SearchDistribution& distribution)
    : distribution_(distribution), home_(search_home(distribution)) {
    ::chmod(folder_.path().c_str(), 0755);
    home_ = visible_home(home_, folder_.path());
    http_ = make_curl_http({.service = family(distribution_)}, stop_);
    const auto folder = folder_.path();
    for (const char* name : {"config", "data", "logs", "repo", "tmp"}) {
        std::filesystem::create_directories(folder / name);
        open_to_all(folder / name);
    }
    const auto ports = free_tcp_ports(2);
    port_ = ports[0];
    const SearchInstance instance{
        .home = home_, .folder = folder, .http_port = ports[0], .transport_port = ports[1]};
    write_search_configuration(distribution_, instance);
    server_ = std::make_unique<ChildProcess>(search_command(distribution_, instance));
    wait_until_ready();
}

std::string SearchServer::url() const {
    return fmt::format("http://127.0.0.1:{}", port_);
}

std::string SearchServer::repository_folder() const {
    return (folder_.path() / "repo").string();
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

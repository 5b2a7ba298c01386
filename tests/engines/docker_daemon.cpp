// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/docker_daemon.hpp"

#include "common/http/curl_http.hpp"
#include "common/text/timestamp.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/tar_text.hpp"

#include <fmt/format.h>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace caretaker::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto start_timeout = 1min;
constexpr auto stop_timeout = 1min;
constexpr const char* shell = "/bin/busybox";

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Log lines of the Engine that say why it ended.
std::string reason_in(const std::string& log) {
    std::string reason;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = std::min(log.find('\n', at), log.size());
        const std::string line = log.substr(at, end - at);
        if (line.find("failed to start") != std::string::npos ||
            line.find("level=fatal") != std::string::npos) {
            reason = line;
        }
        at = end + 1;
    }
    return reason;
}

}  // namespace

DockerDaemon::DockerDaemon() : socket_(folder_.file("docker.sock")) {
    if (::geteuid() != 0) {
        throw EngineUnavailable("docker: the Engine needs root");
    }
    require_programs("docker", {"dockerd", "containerd", "runc", "unshare", "busybox"});
    http_ = make_curl_http({.service = "docker", .unix_socket = socket_}, stop_);
    start();
    request(HttpMethod::get, "/info");
    clear();
    create("probe");
    const HttpResponse started = send(HttpMethod::post, "/containers/probe/start");
    if (!started.ok()) {
        throw EngineUnsupported("docker: containers do not start here: " + started.body);
    }
    request(HttpMethod::post, "/containers/probe/wait");
    clear();
}

DockerDaemon::~DockerDaemon() {
    try {
        clear();  // what still runs would keep the Engine from its end
        stop();
    } catch (const std::exception&) {  // the process group gets SIGKILL in any case
        server_.reset();
    }
}

void DockerDaemon::start() {
    Command command;
    // In a PID namespace nothing of it, no container either, survives its first process.
    command.argv = {
        "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "dockerd"};
    command.argv.insert(command.argv.end(),
                        {"--host",
                         "unix://" + socket_,
                         "--data-root",
                         data(),
                         "--exec-root",
                         folder_.file("exec"),
                         "--pidfile",
                         folder_.file("docker.pid"),
                         "--config-file",
                         folder_.file("daemon.json"),
                         "--iptables=false",
                         "--ip6tables=false",
                         "--bridge=none",
                         "--storage-driver=vfs"});
    std::ofstream(folder_.file("daemon.json")) << "{}";
    server_ = std::make_unique<ChildProcess>(command);
    wait_until_ready();
}

void DockerDaemon::wait_until_ready() {
    const auto deadline = std::chrono::steady_clock::now() + start_timeout;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto outcome = try_send(*http_, {.url = "http://docker/_ping"});
        const auto* response = std::get_if<HttpResponse>(&outcome);
        if (response != nullptr && response->ok()) {
            return;
        }
        if (server_->wait(100ms)) {
            break;
        }
    }
    const std::string log = server_->out() + server_->err();
    if (const std::string reason = reason_in(log); !reason.empty()) {
        throw EngineUnsupported("docker: dockerd cannot run here: " + reason);
    }
    if (log.find("unshare: ") != std::string::npos) {
        throw EngineUnsupported("docker: no namespaces here: " + log);
    }
    throw std::runtime_error("dockerd does not start:\n" + log);
}

void DockerDaemon::stop() {
    if (!server_) {
        return;
    }
    // dockerd is the one child of unshare, which itself waits whatever signal it gets.
    const std::string pid =
        read_file(fmt::format("/proc/{0}/task/{0}/children", static_cast<int>(server_->pid())));
    if (!pid.empty()) {
        ::kill(std::stoi(pid), SIGTERM);
        server_->wait(stop_timeout);
    }
    server_.reset();
}

HttpResponse DockerDaemon::send(HttpMethod method,
                                const std::string& path,
                                const std::string& body) {
    HttpRequest request{.method = method,
                        .url = "http://docker" + path,
                        .body = body,
                        .timeout = 2min,
                        .may_be_silent = true};
    if (!body.empty()) {
        request.headers.push_back({"Content-Type", "application/json"});
    }
    return http_->send(request);
}

rapidjson::Document DockerDaemon::request(HttpMethod method,
                                          const std::string& path,
                                          const std::string& body) {
    const HttpResponse response = send(method, "/v1.41" + path, body);
    if (!response.ok()) {
        throw std::runtime_error(
            fmt::format("{} {}: {} {}", to_string(method), path, response.status, response.body));
    }
    return parse_json(response.body.empty() ? "null" : response.body);
}

HttpResponse DockerDaemon::upload(const std::string& path, const std::string& tar) {
    HttpResponse response = http_->send({.method = HttpMethod::post,
                                         .url = "http://docker/v1.41" + path,
                                         .headers = {{"Content-Type", "application/x-tar"}},
                                         .body = tar,
                                         .timeout = 2min,
                                         .may_be_silent = true});
    // Errors come in the midst of the answer, after its status.
    if (!response.ok() || response.body.find("\"error\"") != std::string::npos) {
        throw std::runtime_error(fmt::format("{}: {} {}", path, response.status, response.body));
    }
    return response;
}

void DockerDaemon::clear() {
    for (const std::string& name : containers()) {
        request(HttpMethod::del, fmt::format("/containers/{}?force=1&v=1", name));
    }
    for (const std::string& tag : images()) {
        request(HttpMethod::del, fmt::format("/images/{}?force=1", tag));
    }
    request(HttpMethod::post, "/images/prune");
    for (const std::string& name : volumes()) {
        request(HttpMethod::del, fmt::format("/volumes/{}?force=1", name));
    }
    if (send(HttpMethod::get, "/v1.41/images/base:1/json").status != 200) {
        upload("/images/create?fromSrc=-&repo=base&tag=1",
               make_tar({{.name = "busybox", .content = read_file(shell), .mode = 0755}}));
    }
}

void DockerDaemon::import_image(const std::string& reference, const std::string& content) {
    const std::size_t colon = reference.rfind(':');
    upload(fmt::format("/images/create?fromSrc=-&repo={}&tag={}",
                       reference.substr(0, colon),
                       reference.substr(colon + 1)),
           make_tar({{.name = "content", .content = content}}));
}

void DockerDaemon::load_image(const std::string& reference, const std::string& created) {
    const std::string layer = make_tar({{.name = "content", .content = reference}});
    import_image("layer:1", reference);
    const auto imported = request(HttpMethod::get, "/images/layer:1/json");
    const std::string digest =
        json_array(json_at(imported, "RootFS"), "Layers")[0].GetString();  // of the same tar
    upload(
        "/images/load",
        make_tar({{.name = "layer.tar", .content = layer},
                  {.name = "config.json",
                   .content = fmt::format(
                       R"({{"architecture":"amd64","os":"linux","created":"{}","config":{{}},)"
                       R"("rootfs":{{"type":"layers","diff_ids":["{}"]}}}})",
                       created,
                       digest)},
                  {.name = "manifest.json",
                   .content = fmt::format(
                       R"([{{"Config":"config.json","RepoTags":["{}"],"Layers":["layer.tar"]}}])",
                       reference)}}));
    request(HttpMethod::del, "/images/layer:1");
}

void DockerDaemon::tag(const std::string& reference,
                       const std::string& repository,
                       const std::string& name) {
    request(HttpMethod::post,
            fmt::format("/images/{}/tag?repo={}&tag={}", reference, repository, name));
}

void DockerDaemon::build(const std::string& reference, const std::string& dockerfile) {
    upload(fmt::format("/build?t={}&rm=1&networkmode=none", reference),
           make_tar({{.name = "Dockerfile", .content = dockerfile},
                     {.name = "one", .content = "1"},
                     {.name = "two", .content = "2"}}));
}

void DockerDaemon::build_by_buildkit(const std::string& reference, const std::string& dockerfile) {
    upload(fmt::format("/build?version=2&t={}", reference),
           make_tar({{.name = "Dockerfile", .content = dockerfile},
                     {.name = "one", .content = std::string(100'000, '1')}}));
}

std::int64_t DockerDaemon::build_cache_size() {
    std::int64_t size = 0;
    const auto sizes = request(HttpMethod::get, "/system/df");
    if (sizes["BuildCache"].IsArray()) {  // null where there is none
        for (const auto& record : sizes["BuildCache"].GetArray()) {
            size += json_integer(record, "Size");
        }
    }
    return size;
}

std::string DockerDaemon::processes() {
    const std::string folder = folder_.file("proc");
    std::filesystem::create_directories(folder);
    std::string waiting = std::to_string(server_->pid());
    while (!waiting.empty()) {
        const std::string pid = waiting.substr(0, waiting.find(' '));
        waiting.erase(0, pid.size() + 1);
        waiting += read_file(fmt::format("/proc/{0}/task/{0}/children", pid));
        const std::string link = folder + "/" + pid;
        if (!std::filesystem::exists(std::filesystem::symlink_status(link))) {
            std::filesystem::create_directory_symlink("/proc/" + pid, link);
        }
    }
    return folder;
}

std::string DockerDaemon::create(const std::string& name,
                                 const std::string& extra,
                                 const std::string& image,
                                 const std::string& command) {
    const std::string host = extra.find("HostConfig") == std::string::npos
                                 ? R"(,"HostConfig":{"NetworkMode":"none"})"
                                 : "";
    const auto created =
        request(HttpMethod::post,
                fmt::format("/containers/create?name={}", name),
                fmt::format(R"({{"Image":"{}","Cmd":{}{}{}}})", image, command, host, extra));
    return json_text(created, "Id");
}

void DockerDaemon::run_to_end(const std::string& name) {
    start_container(name);
    request(HttpMethod::post, fmt::format("/containers/{}/wait", name));
}

void DockerDaemon::start_container(const std::string& name) {
    request(HttpMethod::post, fmt::format("/containers/{}/start", name));
}

std::string DockerDaemon::image_id(const std::string& reference) {
    return json_text(request(HttpMethod::get, fmt::format("/images/{}/json", reference)), "Id");
}

void DockerDaemon::age_image(const std::string& reference, std::int64_t seconds) {
    const std::string id = image_id(reference);
    const std::string file = fmt::format(
        "{}/image/vfs/imagedb/metadata/sha256/{}/lastUpdated", data(), id.substr(id.find(':') + 1));
    if (read_file(file).empty()) {
        throw std::runtime_error("the Engine keeps no " + file);
    }
    std::ofstream(file) << docker_time_ago(seconds);
}

std::set<std::string> DockerDaemon::containers() {
    std::set<std::string> names;
    const auto list = request(HttpMethod::get, "/containers/json?all=1");
    for (const auto& one : list.GetArray()) {
        names.insert(std::string(json_array(one, "Names")[0].GetString()).substr(1));
    }
    return names;
}

std::set<std::string> DockerDaemon::images() {
    std::set<std::string> tags;
    const auto list = request(HttpMethod::get, "/images/json");
    for (const auto& one : list.GetArray()) {
        if (!one.HasMember("RepoTags") || one["RepoTags"].IsNull()) {
            continue;
        }
        for (const auto& tag : one["RepoTags"].GetArray()) {
            if (tag.GetString() != base && std::string_view(tag.GetString()) != "<none>:<none>") {
                tags.insert(tag.GetString());
            }
        }
    }
    return tags;
}

std::set<std::string> DockerDaemon::volumes() {
    std::set<std::string> names;
    const auto list = request(HttpMethod::get, "/volumes");
    if (list["Volumes"].IsArray()) {
        for (const auto& one : list["Volumes"].GetArray()) {
            names.insert(json_text(one, "Name"));
        }
    }
    return names;
}

void edit_json_text(const std::string& file, const std::string& name, const std::string& value) {
    const std::string before = read_file(file);
    const std::regex member(fmt::format("\"{}\":\"[^\"]*\"", name));
    if (!std::regex_search(before, member)) {
        throw std::runtime_error(fmt::format("there is no {} in {}: {}", name, file, before));
    }
    std::ofstream(file) << std::regex_replace(before,
                                              member,
                                              fmt::format("\"{}\":\"{}\"", name, value),
                                              std::regex_constants::format_first_only);
}

std::string docker_time_ago(std::int64_t seconds) {
    return format_rfc3339(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) -
        std::chrono::seconds(seconds));
}

}  // namespace caretaker::testing

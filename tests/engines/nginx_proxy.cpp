// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/nginx_proxy.hpp"

#include "tests/engines/engine_cache.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace caretaker::testing {

namespace {

constexpr const char* modules = "/usr/lib/nginx/modules";

std::string read_text(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

NginxProxy::NginxProxy(const std::string& marathon, const std::string& further)
    : port_(free_tcp_port()) {
    require_programs("nginx", {"nginx"});
    for (const char* module : {"ndk_http_module.so", "ngx_http_lua_module.so"}) {
        if (!std::filesystem::exists(fmt::format("{}/{}", modules, module))) {
            throw EngineUnavailable(fmt::format(
                "nginx: there is no {} in {}; install libnginx-mod-http-lua", module, modules));
        }
    }
    write_configuration(marathon, further);
    server_ = std::make_unique<ChildProcess>(Command{.argv = {"nginx",
                                                              "-p",
                                                              folder_.path().string(),
                                                              "-e",
                                                              folder_.file("error.log"),
                                                              "-c",
                                                              folder_.file("nginx.conf")}});
    while (!std::filesystem::exists(folder_.file("nginx.pid"))) {
        if (server_->wait(std::chrono::milliseconds(20))) {
            throw std::runtime_error("nginx ended: " + server_->err() + errors());
        }
    }
}

void NginxProxy::write_configuration(const std::string& marathon, const std::string& further) {
    const std::string example = CARETAKER_SOURCE_DIR "/docs/examples/openresty";
    std::string http = read_text(example + "/caretaker.conf");
    const std::string installed = "/etc/nginx/caretaker/";
    http.replace(http.find(installed), installed.size(), example + "/");
    std::string temporary;
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
        temporary += fmt::format("{}_temp_path {};\n", kind, folder_.file(kind));
    }
    std::ofstream(folder_.file("nginx.conf")) << fmt::format(R"({}
daemon off;
worker_processes 2;
pid {};
error_log {} notice;
load_module {}/ndk_http_module.so;
load_module {}/ngx_http_lua_module.so;
events {{ worker_connections 512; }}
http {{
{}
{}
init_worker_by_lua_block {{
    require("caretaker").start({{ marathon = {{ "{}" }}, refresh_every = 0.2{} }})
}}
server {{
    listen 127.0.0.1:{};
    access_log {} caretaker;
    include {}/kibana.conf;
}}
}}
)",
                                                             ::geteuid() == 0 ? "user root;" : "",
                                                             folder_.file("nginx.pid"),
                                                             folder_.file("error.log"),
                                                             modules,
                                                             modules,
                                                             temporary,
                                                             http,
                                                             marathon,
                                                             further,
                                                             port_,
                                                             folder_.file("access.json"),
                                                             example);
}

std::string NginxProxy::url() const {
    return fmt::format("http://127.0.0.1:{}", port_);
}

void NginxProxy::reload() {
    server_->signal(SIGHUP);
}

std::vector<rapidjson::Document> NginxProxy::log() const {
    std::vector<rapidjson::Document> lines;
    std::ifstream file(folder_.file("access.json"));
    for (std::string line; std::getline(file, line);) {
        lines.push_back(parse_json(line));
    }
    return lines;
}

std::string NginxProxy::errors() const {
    return read_text(folder_.file("error.log"));
}

}  // namespace caretaker::testing

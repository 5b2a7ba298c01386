// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/statsd_server.hpp"

#include "common/base/fd.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/support/free_port.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace caretaker::testing {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view package = "statsd@0.9.0";

/// Takes the pieces of Node's object notation one after the other.
class Scanner {
 public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool take(char wanted) {
        skip_blanks();
        if (rest_.empty() || rest_.front() != wanted) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    void expect(char wanted) {
        if (!take(wanted)) {
            throw std::runtime_error(
                fmt::format("StatsD: expected '{}' before '{}'", wanted, rest_.substr(0, 80)));
        }
    }

    std::string key() {
        skip_blanks();
        const bool quoted = take('\'');
        const std::size_t end = rest_.find(quoted ? '\'' : ':');
        std::string name(rest_.substr(0, end));
        rest_.remove_prefix(std::min(end, rest_.size()));
        if (quoted) {
            expect('\'');
        }
        expect(':');
        return name;
    }

    double number() {
        skip_blanks();
        double value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{}) {
            throw std::runtime_error(
                fmt::format("StatsD: expected a number before '{}'", rest_.substr(0, 80)));
        }
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }

 private:
    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
    }

    std::string_view rest_;
};

std::vector<double> read_values(Scanner& scanner) {
    if (!scanner.take('[')) {
        return {scanner.number()};
    }
    std::vector<double> values;
    while (!scanner.take(']')) {
        values.push_back(scanner.number());
        scanner.take(',');
    }
    return values;
}

std::map<std::string, double> first_values(std::string_view text) {
    std::map<std::string, double> values;
    for (const auto& [name, list] : parse_node_object(text)) {
        values[name] = list.at(0);
    }
    return values;
}

/// Whether something receives at a port of loopback. A line break alone is no line to StatsD.
bool is_open(int family, int type, std::uint16_t port) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = htons(port);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = htons(port);
    const bool is_v6 = family == AF_INET6;
    const auto* address =
        is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    const Fd socket(::socket(family, type | SOCK_CLOEXEC, 0));
    if (!socket || ::connect(socket.get(), address, is_v6 ? sizeof v6 : sizeof v4) != 0 ||
        ::send(socket.get(), "\n", 1, MSG_NOSIGNAL) != 1) {
        return false;
    }
    int error = 0;
    socklen_t length = sizeof error;
    return ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

bool machine_has_ipv6() {
    const Fd socket(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    return socket &&
           ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

std::filesystem::path statsd_program() {
    require_programs("StatsD", {"npm", "node"});
    const auto fill = [](const std::filesystem::path& folder) {
        std::filesystem::create_directories(folder);
        Command npm;
        npm.argv = {"npm",
                    "install",
                    "--omit=optional",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--prefix=" + folder.string(),
                    std::string(package)};
        const Finished finished = run_command(npm, 10min);
        if (finished.status.code != 0) {
            throw EngineUnavailable("StatsD: npm cannot download it:\n" + finished.out +
                                    finished.err);
        }
    };
    return cached("statsd-0.9.0", fill) / "node_modules/statsd/stats.js";
}

std::map<std::string, std::vector<double>> parse_node_object(std::string_view text) {
    std::map<std::string, std::vector<double>> object;
    Scanner scanner(text);
    scanner.expect('{');
    while (!scanner.take('}')) {
        const std::string name = scanner.key();
        object[name] = read_values(scanner);
        scanner.take(',');
    }
    return object;
}

StatsdServer::StatsdServer() : has_v6_(machine_has_ipv6()) {
    const std::filesystem::path program = statsd_program();
    const auto configuration = folder_.path() / "statsd.js";
    constexpr int attempts = 3;  // another process may take a port before the server does
    for (int attempt = 1;; ++attempt) {
        port_ = free_udp_port();
        management_port_ = free_tcp_port();
        std::ofstream(configuration) << fmt::format(
            R"({{ servers: [ {{ server: "./servers/udp", address: "127.0.0.1", port: {0} }},
    {{ server: "./servers/tcp", address: "127.0.0.1", port: {0} }}{1} ],
  mgmt_port: {2}, mgmt_address: "127.0.0.1",
  backends: ["./backends/console"], flushInterval: 3600000, automaticConfigReload: false }}
)",
            port_,
            has_v6_ ? fmt::format(R"(,
    {{ server: "./servers/udp", address: "::1", port: {}, address_ipv6: true }})",
                                  port_)
                    : std::string(),
            management_port_);
        Command node;
        node.argv = {"node", program.string(), configuration.string()};
        server_ = std::make_unique<ChildProcess>(node);
        if (server_->wait_for_output("server is up", 60s) && wait_for_sockets()) {
            return;
        }
        if (attempt == attempts) {
            throw std::runtime_error("StatsD does not start:\n" + server_->out() + server_->err());
        }
    }
}

/// The server says that it is up before its sockets are.
bool StatsdServer::wait_for_sockets() const {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (!is_open(AF_INET, SOCK_DGRAM, port_) || !is_open(AF_INET, SOCK_STREAM, port_) ||
           !is_open(AF_INET, SOCK_STREAM, management_port_) ||
           (has_v6_ && !is_open(AF_INET6, SOCK_DGRAM, port_))) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
    }
    return true;
}

std::string StatsdServer::address() const {
    return fmt::format("127.0.0.1:{}", port_);
}

std::string StatsdServer::address_v6() const {
    return has_v6_ ? fmt::format("[::1]:{}", port_) : std::string();
}

std::string StatsdServer::ask(std::string_view request) const {
    const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(management_port_);
    const std::string line = std::string(request) + "\n";
    if (!socket ||
        ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::write(socket.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        throw std::system_error(errno, std::generic_category(), "asking StatsD for its state");
    }
    constexpr std::string_view end_mark = "END\n\n";
    std::string answer;
    std::array<char, 65536> buffer{};
    while (!answer.ends_with(end_mark)) {
        const ssize_t count = ::read(socket.get(), buffer.data(), buffer.size());
        if (count <= 0) {
            throw std::runtime_error("StatsD closed its management connection after: " + answer);
        }
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
    answer.resize(answer.size() - end_mark.size());
    return answer;
}

std::map<std::string, double> StatsdServer::counters() const {
    return first_values(ask("counters"));
}

std::map<std::string, double> StatsdServer::gauges() const {
    return first_values(ask("gauges"));
}

std::map<std::string, std::vector<double>> StatsdServer::timers() const {
    return parse_node_object(ask("timers"));
}

bool StatsdServer::wait_for_counter(const std::string& name,
                                    std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!counters().contains(name)) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
    }
    return true;
}

}  // namespace caretaker::testing

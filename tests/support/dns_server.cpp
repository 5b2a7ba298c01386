// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dns_server.hpp"

#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>

namespace caretaker {

namespace {

// RFC 1035, 3.2.2 and 4.1.1; RFC 3596; RFC 2782.
constexpr std::uint16_t type_a = 1;
constexpr std::uint16_t type_cname = 5;
constexpr std::uint16_t type_aaaa = 28;
constexpr std::uint16_t type_srv = 33;
constexpr std::size_t header_size = 12;
constexpr std::size_t largest_datagram = 512;
constexpr std::uint16_t is_response = 0x8000;
constexpr std::uint16_t is_truncated = 0x0200;
constexpr std::uint16_t recursion_available = 0x0080;
constexpr std::uint16_t server_failure = 2;
constexpr std::uint16_t name_error = 3;

void put16(std::string& out, std::size_t number) {
    out += static_cast<char>(number >> 8U & 0xFFU);
    out += static_cast<char>(number & 0xFFU);
}

std::size_t get16(std::string_view text, std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text.at(at))) << 8U |
           static_cast<unsigned char>(text.at(at + 1));
}

/// Labels with their lengths, ended by the empty one.
std::string wire_name(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const std::string_view label = name.substr(0, name.find('.'));
        out += static_cast<char>(label.size());
        out += label;
        name.remove_prefix(std::min(label.size() + 1, name.size()));
    }
    return out + '\0';
}

/// The name and type of the first question; throws std::out_of_range for less than one.
DnsQuestion read_question(std::string_view message) {
    DnsQuestion out;
    std::size_t at = header_size;
    while (message.at(at) != '\0') {
        const auto length = static_cast<unsigned char>(message.at(at));
        out.name += (out.name.empty() ? "" : ".") + std::string(message.substr(at + 1, length));
        at += length + 1U;
    }
    out.type = static_cast<std::uint16_t>(get16(message, at + 1));
    out.name = ascii_lower(out.name);
    return out;
}

void check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

/// A socket at `host` and `port` (0: any, then changed to the one given); an empty one when the
/// port is taken.
Fd bind_to(const std::string& host, int type, std::uint16_t& port) {
    sockaddr_in6 v6{};
    sockaddr_in v4{};
    const bool is_v6 = host == "::1";
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = htons(port);
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = htons(port);
    auto* address = is_v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    socklen_t length = is_v6 ? sizeof(v6) : sizeof(v4);
    Fd socket(::socket(is_v6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0));
    if (::bind(socket.get(), address, length) != 0) {
        if (errno == EADDRINUSE && port != 0) {
            return {};
        }
        check(-1, "bind");
    }
    check(::getsockname(socket.get(), address, &length), "getsockname");
    port = ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
    return socket;
}

/// Exactly `length` bytes, or fewer when the connection ends or goes quiet.
std::string read_exactly(int socket, std::size_t length) {
    std::string out(length, '\0');
    const auto count = ::recv(socket, out.data(), length, MSG_WAITALL);
    out.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return out;
}

}  // namespace

DnsServer::DnsServer(const std::string& host) : host_(host) {
    while (!tcp_) {
        port_ = 0;
        udp_ = bind_to(host, SOCK_DGRAM, port_);
        tcp_ = bind_to(host, SOCK_STREAM, port_);
    }
    check(::listen(tcp_.get(), 16), "listen");
    thread_ = std::thread([this] { serve(); });
}

DnsServer::~DnsServer() {
    stop_.request(SIGTERM);
    thread_.join();
}

std::string DnsServer::address() const {
    return host_ == "::1" ? fmt::format("[::1]:{}", port_) : fmt::format("{}:{}", host_, port_);
}

void DnsServer::set_conduct(DnsConduct conduct) {
    const std::lock_guard lock(mutex_);
    conduct_ = conduct;
}

void DnsServer::add_host(const std::string& name, const std::string& address) {
    const bool is_v6 = address.find(':') != std::string::npos;
    std::string data(is_v6 ? sizeof(in6_addr) : sizeof(in_addr), '\0');
    ::inet_pton(is_v6 ? AF_INET6 : AF_INET, address.c_str(), data.data());
    const std::lock_guard lock(mutex_);
    records_.push_back({ascii_lower(name), is_v6 ? type_aaaa : type_a, data, ""});
}

void DnsServer::add_alias(const std::string& name, const std::string& target) {
    const std::lock_guard lock(mutex_);
    records_.push_back({ascii_lower(name), type_cname, wire_name(target), ascii_lower(target)});
}

void DnsServer::add_service(const std::string& name,
                            std::uint16_t priority,
                            std::uint16_t port,
                            const std::string& target) {
    std::string data;
    put16(data, priority);
    put16(data, 1);  // weight
    put16(data, port);
    data += wire_name(target);  // RFC 2782 forbids to compress it
    const std::lock_guard lock(mutex_);
    records_.push_back({ascii_lower(name), type_srv, data, ascii_lower(target)});
}

void DnsServer::send_extra_hosts() {
    const std::lock_guard lock(mutex_);
    extra_hosts_ = true;
}

std::vector<DnsQuestion> DnsServer::questions() const {
    const std::lock_guard lock(mutex_);
    return questions_;
}

void DnsServer::serve() {
    std::array<pollfd, 3> entries{{{.fd = stop_.wait_fd(), .events = POLLIN, .revents = 0},
                                   {.fd = udp_.get(), .events = POLLIN, .revents = 0},
                                   {.fd = tcp_.get(), .events = POLLIN, .revents = 0}}};
    while (::poll(entries.data(), entries.size(), -1) > 0 && entries[0].revents == 0) {
        if (entries[1].revents != 0) {
            serve_datagram();
        }
        if (entries[2].revents != 0) {
            serve_connection();
        }
    }
}

void DnsServer::serve_datagram() {
    std::string question(largest_datagram, '\0');
    sockaddr_storage peer{};
    socklen_t length = sizeof(peer);
    auto* address = reinterpret_cast<sockaddr*>(&peer);
    const auto count =
        ::recvfrom(udp_.get(), question.data(), question.size(), 0, address, &length);
    question.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    if (const std::string reply = answer(question, false); !reply.empty()) {
        ::sendto(udp_.get(), reply.data(), reply.size(), 0, address, length);
    }
}

/// One question; a length of 16 bits goes before each message (RFC 1035, 4.2.2).
void DnsServer::serve_connection() {
    const Fd connection(::accept4(tcp_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    const std::string length = read_exactly(connection.get(), 2);
    if (length.size() < 2) {
        return;
    }
    const std::string reply = answer(read_exactly(connection.get(), get16(length, 0)), true);
    if (reply.empty()) {
        return;
    }
    std::string message;
    put16(message, reply.size());
    message += reply;
    ::send(connection.get(), message.data(), message.size(), MSG_NOSIGNAL);
}

std::string DnsServer::answer(const std::string& question, bool over_tcp) {
    if (question.size() <= header_size) {
        return {};
    }
    DnsQuestion asked = read_question(question);
    asked.over_tcp = over_tcp;
    const std::lock_guard lock(mutex_);
    questions_.push_back(asked);
    return conduct_ == DnsConduct::silent ? std::string() : compose(question, asked, over_tcp);
}

bool DnsServer::has_name(const std::string& name) const {
    return std::ranges::find(records_, name, &Record::name) != records_.end();
}

/// Follows one alias, as a recursive server does.
std::vector<const DnsServer::Record*> DnsServer::find(const DnsQuestion& asked) const {
    std::vector<const Record*> out;
    for (const Record& record : records_) {
        if (record.name != asked.name) {
            continue;
        }
        if (record.type == asked.type) {
            out.push_back(&record);
        } else if (record.type == type_cname) {
            out.push_back(&record);
            for (const Record& behind : records_) {
                if (behind.name == record.target && behind.type == asked.type) {
                    out.push_back(&behind);
                }
            }
        }
    }
    return out;
}

std::vector<const DnsServer::Record*> DnsServer::find_extra(
    const std::vector<const Record*>& records) const {
    std::vector<const Record*> out;
    for (const Record& host : records_) {
        const bool is_wanted = (host.type == type_a || host.type == type_aaaa) &&
                               std::ranges::any_of(records, [&](const Record* record) {
                                   return record->type == type_srv && record->target == host.name;
                               });
        if (extra_hosts_ && is_wanted) {
            out.push_back(&host);
        }
    }
    return out;
}

std::string DnsServer::compose(const std::string& question,
                               const DnsQuestion& asked,
                               bool over_tcp) const {
    constexpr std::size_t class_in = 1;
    constexpr std::size_t pointer_to_question = 0xC000U | header_size;
    const auto records = find(asked);
    const auto extra = find_extra(records);
    std::size_t flags = is_response | recursion_available | (get16(question, 2) & 0x0100U);
    if (conduct_ == DnsConduct::failing) {
        flags |= server_failure;
    } else if (!has_name(asked.name)) {
        flags |= name_error;
    }
    const bool has_records = (flags & 0xFU) == 0;
    const std::string asked_part =
        wire_name(conduct_ == DnsConduct::other_host ? "other.example" : asked.name);

    const auto header = [&](std::size_t more_flags, std::size_t answers, std::size_t extras) {
        std::string out = question.substr(0, 2);
        put16(out, flags | more_flags);
        put16(out, 1);
        put16(out, answers);
        put16(out, 0);
        put16(out, extras);
        out += asked_part;
        put16(out, asked.type);
        put16(out, class_in);
        return out;
    };
    std::string out = header(0, has_records ? records.size() : 0, has_records ? extra.size() : 0);
    const auto append = [&](const Record& record) {
        if (record.name == asked.name) {
            put16(out, pointer_to_question);
        } else {
            out += wire_name(record.name);
        }
        put16(out, record.type);
        put16(out, class_in);
        put16(out, 0);
        put16(out, 60);  // seconds to live, 32 bits
        put16(out, conduct_ == DnsConduct::broken ? 0xFFFFU : record.data.size());
        out += record.data;
    };
    for (const Record* record : records) {
        append(*record);
    }
    for (const Record* record : extra) {
        append(*record);
    }
    return over_tcp || out.size() <= largest_datagram ? out : header(is_truncated, 0, 0);
}

}  // namespace caretaker

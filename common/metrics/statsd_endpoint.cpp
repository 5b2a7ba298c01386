// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_endpoint.hpp"

#include "common/dns/dns_lookup.hpp"
#include "common/text/stable_hash.hpp"

#include <fmt/format.h>

#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>

namespace caretaker {

namespace {

/// `path` fits: parse_statsd_address() has seen to it.
SocketAddress unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(std::begin(address.sun_path), sizeof(address.sun_path) - 1);
    SocketAddress out{.storage = {}, .length = sizeof(address)};
    std::memcpy(&out.storage, &address, sizeof(address));
    return out;
}

}  // namespace

const Resolved& StatsdEndpoint::resolve(SendDeadline& deadline) {
    return resolved_ ? *resolved_ : resolved_.emplace(look_up(deadline));
}

Resolved StatsdEndpoint::look_up(SendDeadline& deadline) const {
    if (address_.transport == StatsdTransport::unix_datagram) {
        return {.addresses = {unix_address(address_.path)}, .problem = {}};
    }
    const std::uint64_t choice = stable_hash(job_);
    if (address_.by_service) {
        return resolve_in_time(
            address_.host,
            [name = address_.host, choice, query = dns_query(dns_server_)] {
                return look_up_service(name, choice, query);
            },
            resolve_timeout_,
            deadline);
    }
    Resolved found = resolve_host(address_.host,
                                  address_.port,
                                  dns_server_ ? dns_query(dns_server_) : DnsQuery(),
                                  resolve_timeout_,
                                  deadline);
    if (!found.addresses.empty()) {
        const auto first = static_cast<std::ptrdiff_t>(choice % found.addresses.size());
        std::rotate(
            found.addresses.begin(), found.addresses.begin() + first, found.addresses.end());
    }
    return found;
}

std::string StatsdEndpoint::text() const {
    if (address_.transport == StatsdTransport::unix_datagram) {
        return address_.path;
    }
    if (address_.by_service) {
        return "srv://" + address_.host;
    }
    const bool is_ipv6 = address_.host.find(':') != std::string::npos;
    return is_ipv6 ? fmt::format("[{}]:{}", address_.host, address_.port)
                   : fmt::format("{}:{}", address_.host, address_.port);
}

}  // namespace caretaker

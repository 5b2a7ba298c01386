// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_endpoint.hpp"

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
    if (resolved_) {
        return *resolved_;
    }
    if (address_.transport == StatsdTransport::unix_datagram) {
        return resolved_.emplace(
            Resolved{.addresses = {unix_address(address_.path)}, .problem = {}});
    }
    Resolved found = resolve_host(address_.host, address_.port, resolve_timeout_, deadline);
    if (!found.addresses.empty()) {
        const auto first = static_cast<std::ptrdiff_t>(stable_hash(job_) % found.addresses.size());
        std::rotate(
            found.addresses.begin(), found.addresses.begin() + first, found.addresses.end());
    }
    return resolved_.emplace(std::move(found));
}

std::string StatsdEndpoint::text() const {
    if (address_.transport == StatsdTransport::unix_datagram) {
        return address_.path;
    }
    const bool is_ipv6 = address_.host.find(':') != std::string::npos;
    return is_ipv6 ? fmt::format("[{}]:{}", address_.host, address_.port)
                   : fmt::format("{}:{}", address_.host, address_.port);
}

}  // namespace caretaker

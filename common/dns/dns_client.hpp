// SPDX-License-Identifier: Apache-2.0
// Questions to a DNS server, by the resolver library of libc.
#pragma once

#include "common/dns/dns_message.hpp"

#include <functional>
#include <optional>
#include <string>

namespace caretaker {

using DnsQuery = std::function<DnsAnswer(const std::string& name, DnsType type)>;

/// Asks `server`, or without one those of /etc/resolv.conf, for the full name `name`: search
/// domains are not tried, /etc/hosts is not read. Each server gets 2 tries of 1 s; an answer that
/// UDP cut short is fetched again over TCP. Blocks. May be called from any thread.
DnsAnswer query_dns(const std::string& name,
                    DnsType type,
                    const std::optional<SocketAddress>& server);

/// query_dns() at one server.
DnsQuery dns_query(std::optional<SocketAddress> server);

}  // namespace caretaker

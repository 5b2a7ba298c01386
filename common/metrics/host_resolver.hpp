// SPDX-License-Identifier: Apache-2.0
// Look-ups within a time limit, which neither getaddrinfo(3) nor libresolv has.
#pragma once

#include "common/dns/dns_client.hpp"
#include "common/metrics/send_deadline.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace caretaker {

/// What `look_up` returns, or a problem when `limit` or the deadline is over before. The look-up is
/// then left to itself: its thread ends when the resolver gives up, or with the process, so
/// `look_up` must own all it touches.
Resolved resolve_in_time(const std::string& name,
                         std::function<Resolved()> look_up,
                         std::chrono::milliseconds limit,
                         SendDeadline& deadline);

/// Addresses of `host`, sorted; an address is its own answer. Asks `dns` where there is one, except
/// for localhost, else the system (/etc/hosts, search domains and all).
Resolved resolve_host(const std::string& host,
                      std::uint16_t port,
                      const DnsQuery& dns,
                      std::chrono::milliseconds limit,
                      SendDeadline& deadline);

}  // namespace caretaker

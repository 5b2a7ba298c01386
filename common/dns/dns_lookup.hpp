// SPDX-License-Identifier: Apache-2.0
// From names of hosts and services to addresses: which questions to ask, and what to take from the
// answers. Pure but for the questions.
#pragma once

#include "common/dns/dns_client.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caretaker {

/// In the order of use: by priority as RFC 2782 wants it; among equals by target and port,
/// beginning with the one that `choice` picks, so that the same caller stays with the same server
/// however the answer was shuffled. Weights are not looked at: Mesos-DNS gives all the same.
/// Records without a target are left out.
std::vector<ServiceRecord> order_services(std::vector<ServiceRecord> records, std::uint64_t choice);

/// The IPv4 addresses of a host, or where it has none those of IPv6; sorted.
Resolved look_up_host(const std::string& name, std::uint16_t port, const DnsQuery& query);

/// The addresses of a service, e.g. "_statsd-logs._udp.marathon.mesos", those of order_services()'s
/// first record first; of three hosts at most. Addresses that came with the answer are used, others
/// are asked for.
Resolved look_up_service(const std::string& name, std::uint64_t choice, const DnsQuery& query);

}  // namespace caretaker

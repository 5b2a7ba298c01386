// SPDX-License-Identifier: Apache-2.0
// Answers of DNS servers, as far as we ask for something. Pure.
#pragma once

#include "common/dns/socket_address.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

enum class DnsType { a, aaaa, srv };

enum class DnsStatus {
    found,         // an answer; it may still lack what one looks for
    no_such_name,  // NXDOMAIN
    no_data,       // the name exists without records of the type
    failed,        // SERVFAIL, a refusal, or no answer in time
    garbled,       // an answer that cannot be read
};

/// One record of RFC 2782.
struct ServiceRecord {
    std::uint16_t priority = 0;
    std::uint16_t weight = 0;
    std::uint16_t port = 0;
    std::string target{};  // lower case, no dot at the end; empty: the service is not offered

    friend bool operator==(const ServiceRecord&, const ServiceRecord&) = default;
};

struct HostRecord {
    std::string name{};       // lower case
    SocketAddress address{};  // port 0
};

struct DnsAnswer {
    DnsStatus status = DnsStatus::failed;
    std::vector<ServiceRecord> services{};
    std::vector<HostRecord> hosts{};  // of the answer; at the end of an alias under another name
    std::vector<HostRecord>
        extra_hosts{};  // that the server added unasked, for targets of services
};

/// Reads a whole message of RFC 1035; records of other types are skipped.
DnsAnswer parse_dns_answer(std::span<const unsigned char> message);

}  // namespace caretaker

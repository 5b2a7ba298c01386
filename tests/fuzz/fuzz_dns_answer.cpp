// SPDX-License-Identifier: Apache-2.0
// Any bytes as the answer of a DNS server.
#include "common/dns/dns_lookup.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    if (size > 65'535) {
        return 0;  // no message is longer
    }
    DnsAnswer answer = parse_dns_answer(std::span(data, size));
    const bool has_records = !answer.services.empty() || !answer.hosts.empty();
    fuzz::require(has_records == (answer.status == DnsStatus::found), "records or none");
    for (const HostRecord& host : answer.hosts) {
        fuzz::require(host.address.length > 0, "an address has a family");
    }
    fuzz::require(order_services(answer.services, size).size() <= answer.services.size(),
                  "no server from nothing");
    const DnsQuery same = [&answer](const std::string&, DnsType) { return answer; };
    const Resolved found = look_up_service("_s._udp.x", size, same);
    fuzz::require(found.addresses.empty() != found.problem.empty(), "addresses or a reason");
    for (const SocketAddress& address : found.addresses) {
        format_socket_address(address);
    }
    return 0;
}

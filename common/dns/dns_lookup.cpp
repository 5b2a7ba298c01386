// SPDX-License-Identifier: Apache-2.0
#include "common/dns/dns_lookup.hpp"

#include <fmt/format.h>

#include <netinet/in.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <string_view>
#include <tuple>

namespace caretaker {

namespace {

/// Beyond these no more servers are tried, so that no more are asked for.
constexpr std::size_t most_hosts = 3;

Resolved nothing(const std::string& name, DnsStatus status, std::string_view wanted) {
    switch (status) {
        case DnsStatus::no_such_name:
            return {.addresses = {}, .problem = fmt::format("looking up {}: no such name", name)};
        case DnsStatus::found:
        case DnsStatus::no_data:
            return {.addresses = {},
                    .problem = fmt::format("looking up {}: the name has no {}", name, wanted)};
        case DnsStatus::failed:
            return {.addresses = {},
                    .problem = fmt::format("looking up {}: the DNS server failed or gave no answer",
                                           name)};
        case DnsStatus::garbled:
            break;
    }
    return {.addresses = {},
            .problem = fmt::format("looking up {}: the DNS server's answer cannot be read", name)};
}

SocketAddress with_port(const SocketAddress& address, std::uint16_t port) {
    SocketAddress out = address;
    const in_port_t number = htons(port);
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    std::memcpy(reinterpret_cast<char*>(&out.storage) + offsetof(sockaddr_in, sin_port),
                &number,
                sizeof(number));
    return out;
}

void append(const std::vector<HostRecord>& hosts, std::uint16_t port, Resolved& out) {
    std::vector<SocketAddress> addresses;
    addresses.reserve(hosts.size());
    for (const HostRecord& host : hosts) {
        addresses.push_back(with_port(host.address, port));
    }
    sort_addresses(addresses);
    out.addresses.insert(out.addresses.end(), addresses.begin(), addresses.end());
}

std::vector<HostRecord> hosts_of(const DnsAnswer& answer, const std::string& target) {
    std::vector<HostRecord> hosts;
    std::ranges::copy_if(answer.extra_hosts,
                         std::back_inserter(hosts),
                         [&](const HostRecord& host) { return host.name == target; });
    return hosts;
}

}  // namespace

std::vector<ServiceRecord> order_services(std::vector<ServiceRecord> records,
                                          std::uint64_t choice) {
    std::erase_if(records, [](const ServiceRecord& record) { return record.target.empty(); });
    const auto place = [](const ServiceRecord& record) {
        return std::tuple(record.priority, std::string_view(record.target), record.port);
    };
    std::ranges::sort(records, {}, place);
    const auto is_same = [&](const ServiceRecord& a, const ServiceRecord& b) {
        return place(a) == place(b);
    };
    records.erase(std::unique(records.begin(), records.end(), is_same), records.end());
    for (auto begin = records.begin(); begin != records.end();) {
        const auto end = std::find_if(begin, records.end(), [&](const ServiceRecord& record) {
            return record.priority != begin->priority;
        });
        const auto count = static_cast<std::uint64_t>(end - begin);
        std::rotate(begin, begin + static_cast<std::ptrdiff_t>(choice % count), end);
        begin = end;
    }
    return records;
}

Resolved look_up_host(const std::string& name, std::uint16_t port, const DnsQuery& query) {
    Resolved out;
    DnsAnswer answer = query(name, DnsType::a);
    append(answer.hosts, port, out);
    // Only "no data" leaves hope for the other type; NXDOMAIN and silence would come again.
    if (answer.status == DnsStatus::no_data) {
        answer = query(name, DnsType::aaaa);
        append(answer.hosts, port, out);
    }
    return out.addresses.empty() ? nothing(name, answer.status, "address") : out;
}

Resolved look_up_service(const std::string& name, std::uint64_t choice, const DnsQuery& query) {
    const DnsAnswer answer = query(name, DnsType::srv);
    if (answer.status != DnsStatus::found || answer.services.empty()) {
        return nothing(name, answer.status, "SRV record");
    }
    const auto services = order_services(answer.services, choice);
    if (services.empty()) {
        return {.addresses = {},
                .problem = fmt::format("looking up {}: the service is not offered", name)};
    }
    Resolved out;
    std::size_t hosts_found = 0;
    for (const ServiceRecord& service : services) {
        if (hosts_found == most_hosts) {
            break;
        }
        const std::size_t before = out.addresses.size();
        append(hosts_of(answer, service.target), service.port, out);
        if (out.addresses.size() == before) {
            Resolved host = look_up_host(service.target, service.port, query);
            out.addresses.insert(out.addresses.end(), host.addresses.begin(), host.addresses.end());
            if (out.problem.empty()) {
                out.problem = std::move(host.problem);
            }
        }
        hosts_found += out.addresses.size() > before ? 1 : 0;
    }
    if (!out.addresses.empty()) {
        out.problem.clear();
    }
    return out;
}

}  // namespace caretaker

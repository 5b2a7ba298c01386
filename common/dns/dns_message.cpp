// SPDX-License-Identifier: Apache-2.0
#include "common/dns/dns_message.hpp"

#include "common/text/ascii.hpp"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <array>
#include <optional>

namespace caretaker {

namespace {

constexpr std::size_t fixed_part_of_service = 6;  // priority, weight, port

std::span<const unsigned char> data_of(const ns_rr& record) {
    return {ns_rr_rdata(record), static_cast<std::size_t>(ns_rr_rdlen(record))};
}

/// Nothing when the target cannot be read.
std::optional<ServiceRecord> read_service(const ns_msg& message, const ns_rr& record) {
    const auto data = data_of(record);
    if (data.size() <= fixed_part_of_service) {
        return std::nullopt;
    }
    std::array<char, NS_MAXDNAME> target{};
    const int length = ::dn_expand(ns_msg_base(message),
                                   ns_msg_end(message),
                                   data.data() + fixed_part_of_service,
                                   target.data(),
                                   static_cast<int>(target.size()));
    if (length < 0 || static_cast<std::size_t>(length) > data.size() - fixed_part_of_service) {
        return std::nullopt;
    }
    const auto number = [&](std::size_t at) {
        return static_cast<std::uint16_t>(data[at] << 8U | data[at + 1]);
    };
    std::string name = ascii_lower(target.data());
    return ServiceRecord{.priority = number(0),
                         .weight = number(2),
                         .port = number(4),
                         .target = name == "." ? std::string() : std::move(name)};
}

/// False for a record that cannot be read.
bool read_record(const ns_msg& message,
                 const ns_rr& record,
                 std::vector<HostRecord>& hosts,
                 std::vector<ServiceRecord>* services) {
    if (ns_rr_class(record) != ns_c_in) {
        return true;
    }
    const auto type = ns_rr_type(record);
    if (type == ns_t_a || type == ns_t_aaaa) {
        const auto data = data_of(record);
        if (data.size() != (type == ns_t_a ? sizeof(in_addr) : sizeof(in6_addr))) {
            return false;
        }
        hosts.push_back({.name = ascii_lower(ns_rr_name(record)), .address = ip_address(data, 0)});
    } else if (type == ns_t_srv && services != nullptr) {
        auto service = read_service(message, record);
        if (!service) {
            return false;
        }
        services->push_back(std::move(*service));
    }
    return true;
}

bool read_section(ns_msg& message,
                  ns_sect section,
                  std::vector<HostRecord>& hosts,
                  std::vector<ServiceRecord>* services) {
    for (int i = 0; i < ns_msg_count(message, section); ++i) {
        ns_rr record{};
        if (::ns_parserr(&message, section, i, &record) != 0 ||
            !read_record(message, record, hosts, services)) {
            return false;
        }
    }
    return true;
}

}  // namespace

DnsAnswer parse_dns_answer(std::span<const unsigned char> message) {
    ns_msg parsed{};
    if (::ns_initparse(message.data(), static_cast<int>(message.size()), &parsed) != 0) {
        return {.status = DnsStatus::garbled};
    }
    DnsAnswer answer;
    switch (ns_msg_getflag(parsed, ns_f_rcode)) {
        case ns_r_noerror:
            answer.status = DnsStatus::found;
            break;
        case ns_r_nxdomain:
            return {.status = DnsStatus::no_such_name};
        default:
            return {.status = DnsStatus::failed};
    }
    if (!read_section(parsed, ns_s_an, answer.hosts, &answer.services) ||
        !read_section(parsed, ns_s_ar, answer.extra_hosts, nullptr)) {
        return {.status = DnsStatus::garbled};
    }
    if (answer.hosts.empty() && answer.services.empty()) {
        answer.status = DnsStatus::no_data;
    }
    return answer;
}

}  // namespace caretaker

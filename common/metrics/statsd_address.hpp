// SPDX-License-Identifier: Apache-2.0
// Where metrics go, as people write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caretaker {

enum class StatsdTransport { none, udp, tcp, unix_datagram, file };

struct StatsdAddress {
    StatsdTransport transport = StatsdTransport::none;
    std::string host{};       // udp and tcp; IPv6 addresses without brackets
    std::uint16_t port = 0;   // udp and tcp, but for services
    std::string path{};       // unix_datagram and file, absolute
    bool by_service = false;  // `host` names SRV records, which hold the port

    friend bool operator==(const StatsdAddress&, const StatsdAddress&) = default;
};

/// Reads `host:8125`, `[::1]:8125`, `udp://…`, `tcp://…`, `srv://_statsd._udp.marathon.mesos` (or
/// `._tcp.`, which then is the transport), `unixgram:///path`, `file:///path` and `none`; an empty
/// text means none. Throws UsageError for anything else.
StatsdAddress parse_statsd_address(std::string_view text);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Free loopback ports, chosen by the kernel, for servers that cannot bind port 0 themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace caretaker::testing {

/// `count` different TCP ports of 127.0.0.1 that were free a moment ago. Another process may take
/// one before the server binds it, so a start that fails should be repeated with new ports.
std::vector<std::uint16_t> free_tcp_ports(std::size_t count);

std::uint16_t free_tcp_port();

/// As above, for UDP.
std::uint16_t free_udp_port();

}  // namespace caretaker::testing

// SPDX-License-Identifier: Apache-2.0
// The list of brokers that a client connects to first, as people write it.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// What is wrong with `servers`, "HOST:PORT,...", as part of a sentence; empty when nothing is. As
/// in librdkafka a port may be missing (9092), an entry may begin with a protocol ("SSL://"), and
/// an IPv6 address stands in brackets. The library itself takes port 99999 for 34463.
std::string bootstrap_servers_problem(std::string_view servers);

}  // namespace caretaker

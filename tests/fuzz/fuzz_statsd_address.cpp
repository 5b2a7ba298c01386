// SPDX-License-Identifier: Apache-2.0
// Any text as statsd.address or dns.server.
#include "common/base/error.hpp"
#include "common/dns/socket_address.hpp"
#include "common/metrics/statsd_address.hpp"
#include "tests/fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace caretaker;
    const std::string_view text = fuzz::as_text(data, size);
    try {
        const StatsdAddress address = parse_statsd_address(text);
        fuzz::require(
            address.host.find_first_of(std::string_view("\0\n /", 4)) == std::string::npos,
            "a host has no such bytes");
        fuzz::require(address.path.find('\0') == std::string::npos, "a path has no NUL");
    } catch (const UsageError&) {  // the other right answer
        fuzz::require(!text.empty() && text != "none", "these mean that metrics are off");
    }
    if (const auto address = parse_ip_and_port(text)) {
        const auto again = parse_ip_and_port(format_socket_address(*address));
        fuzz::require(again && format_socket_address(*again) == format_socket_address(*address),
                      "an address is read as it is shown");
    }
    return 0;
}

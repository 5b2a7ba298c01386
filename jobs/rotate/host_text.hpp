// SPDX-License-Identifier: Apache-2.0
// Addresses as Curator's client files write them.
#pragma once

#include <string>
#include <string_view>

namespace caretaker {

/// "host", "host:port", "[::1]:9200", "::1" or an URL, with a user before an "@" if need be.
struct HostText {
    std::string scheme{};
    std::string userinfo{};
    std::string rest{};  // host, port and path
    bool has_port = false;
};

HostText split_host(std::string_view text);

}  // namespace caretaker

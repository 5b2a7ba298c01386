// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/host_text.hpp"

#include "common/text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

HostText split_host(std::string_view text) {
    HostText host;
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
        host.scheme = ascii_lower(text.substr(0, scheme));
        text.remove_prefix(scheme + 3);
    }
    const std::size_t path = std::min(text.find('/'), text.size());
    if (const std::size_t at = text.substr(0, path).rfind('@'); at != std::string_view::npos) {
        host.userinfo = text.substr(0, at);
        text.remove_prefix(at + 1);
    }
    const std::string_view authority = text.substr(0, text.find('/'));
    const auto colons = std::ranges::count(authority, ':');
    host.rest = text;
    if (colons > 1 && !authority.starts_with('[')) {  // an IPv6 address without brackets
        host.rest = fmt::format("[{}]{}", authority, text.substr(authority.size()));
    } else if (authority.starts_with('[')) {
        host.has_port = authority.find("]:") != std::string_view::npos;
    } else {
        host.has_port = colons == 1;
    }
    return host;
}

}  // namespace caretaker

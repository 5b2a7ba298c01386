// SPDX-License-Identifier: Apache-2.0
// The parts of a URL, and where a redirect leads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

struct Url {
    std::string scheme{};       // lower case
    std::string host{};         // lower case, an IPv6 address without its brackets
    std::uint16_t port = 0;     // of http and https also where it is not written; else 0
    std::string target{"/"};    // path and query
    bool has_userinfo = false;  // it is not kept
};

/// An absolute URL ("scheme://host…") without blanks and control characters, of any scheme; its
/// fragment is dropped.
std::optional<Url> parse_url(std::string_view text);

/// As it is sent: "http://es1:9200/_cat/indices?v".
std::string format_url(const Url& url);

/// Where a Location header of an answer from `base` leads: an absolute URL, "//host/path" with the
/// scheme of `base` (Mesos), "host:port" (as Mesos' documents show it), "/path", "?query" or a path
/// beside that of `base`. Nothing for what is none of these.
std::optional<Url> resolve_location(const Url& base, std::string_view location);

/// Whether both names have the same parent domain of at least two labels: es1.logs.example and
/// es2.logs.example. Addresses never do.
bool is_same_domain(std::string_view host, std::string_view other);

}  // namespace caretaker

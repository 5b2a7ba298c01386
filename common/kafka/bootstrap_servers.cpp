// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/bootstrap_servers.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <system_error>

namespace caretaker {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, port);
    return error == std::errc() && stopped == end && port >= 1 && port <= 65'535;
}

std::string entry_problem(std::string_view entry) {
    if (const std::size_t protocol = entry.find("://"); protocol != std::string_view::npos) {
        entry.remove_prefix(protocol + 3);
    }
    if (entry.find_first_of(" \t/") != std::string_view::npos) {
        return "write HOST:PORT, with commas between several";
    }
    const std::size_t bracket = entry.rfind(']');
    const std::size_t colon = entry.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (entry.empty() || colon == 0) {
        return "the host is missing; write HOST:PORT";
    }
    if (colon == std::string_view::npos) {
        return "";
    }
    if (entry.find(':', colon + 1) != std::string_view::npos) {
        return "write an IPv6 address in brackets, [::1]:9092";
    }
    return is_port(entry.substr(colon + 1)) ? "" : "the port is a number from 1 to 65535";
}

}  // namespace

std::string bootstrap_servers_problem(std::string_view servers) {
    if (trimmed(servers).empty()) {
        return "no broker is named; write HOST:PORT";
    }
    for (std::size_t begin = 0; begin <= servers.size();) {
        const std::size_t end = servers.find(',', begin);
        const std::string_view entry = trimmed(servers.substr(begin, end - begin));
        if (const std::string problem = entry_problem(entry); !problem.empty()) {
            return fmt::format("'{}': {}", entry, problem);
        }
        if (end == std::string_view::npos) {
            break;
        }
        begin = end + 1;
    }
    return "";
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/live_sockets.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace caretaker {

std::set<std::string> parse_live_sockets(std::string_view text) {
    std::set<std::string> paths;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        // Number, reference count, protocol, flags, type, state, inode and path; only the path
        // holds a slash.
        const std::size_t slash = line.find(" /");
        if (slash != std::string_view::npos) {
            paths.emplace(line.substr(slash + 1));
        }
    }
    return paths;
}

std::set<std::string> read_live_sockets() {
    std::ifstream file("/proc/net/unix");
    return parse_live_sockets(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace caretaker

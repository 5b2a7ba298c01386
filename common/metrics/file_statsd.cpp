// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/file_statsd.hpp"

#include "common/base/fd.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

namespace caretaker {

Delivery FileStatsd::deliver(std::span<const std::string> lines, SendDeadline& /*deadline*/) {
    std::string text;
    for (const std::string& line : lines) {
        text += line;
        text += '\n';
    }
    // Without O_NONBLOCK a pipe that nobody reads would hold the run up.
    const Fd file(
        ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644));
    std::string_view rest = text;
    while (file && !rest.empty()) {
        const auto written = ::write(file.get(), rest.data(), rest.size());
        if (written < 0 && errno != EINTR) {
            break;
        }
        rest.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    if (!rest.empty()) {
        const int error = errno;
        return all_dropped(lines,
                           fmt::format("writing metrics to {}: {}; check statsd.address",
                                       path_,
                                       std::generic_category().message(error)));
    }
    return {.sent = lines.size(), .dropped = 0, .problem = {}};
}

}  // namespace caretaker

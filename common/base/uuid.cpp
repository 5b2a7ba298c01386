// SPDX-License-Identifier: Apache-2.0
#include "common/base/uuid.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace caretaker {

std::string format_uuid7(WallTime time, const UuidRandom& random) {
    const auto since_1970 = std::max(time.time_since_epoch(), std::chrono::milliseconds::zero());
    const auto milliseconds = static_cast<std::uint64_t>(since_1970.count()) & 0xFFFF'FFFF'FFFFU;
    std::uint64_t low = 0;
    for (std::size_t i = 2; i < random.size(); ++i) {
        low = low << 8U | random[i];
    }
    const unsigned high = (static_cast<unsigned>(random[0]) << 8U | random[1]) & 0x0FFFU;
    const std::uint64_t with_variant = (low & 0x3FFF'FFFF'FFFF'FFFFU) | 0x8000'0000'0000'0000U;
    return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
                       milliseconds >> 16U,
                       milliseconds & 0xFFFFU,
                       high,
                       with_variant >> 48U,
                       with_variant & 0xFFFF'FFFF'FFFFU);
}

std::string make_uuid7(WallTime now) {
    UuidRandom random{};
    // Up to 256 bytes getrandom(2) gives all or nothing.
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
        throw Error(ExitCode::failed,
                    "no_random_bytes",
                    fmt::format("making a run id: the kernel gave no random bytes: {}",
                                std::generic_category().message(errno)));
    }
    return format_uuid7(now, random);
}

}  // namespace caretaker

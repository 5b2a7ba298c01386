// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/kibana_state.hpp"

#include "tests/sandbox/version_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker::sandbox {

bool KibanaVersion::since(int wanted_major, int wanted_minor) const {
    const int own_major = is_opensearch ? 7 : major;
    const int own_minor = is_opensearch ? 10 : minor;
    return own_major != wanted_major ? own_major > wanted_major : own_minor >= wanted_minor;
}

std::string KibanaVersion::number() const {
    return fmt::format("{}.{}.{}", major, minor, patch);
}

std::optional<KibanaVersion> parse_kibana_version(std::string_view text) {
    constexpr std::string_view kibana = "kibana-";
    constexpr std::string_view opensearch = "opensearch-dashboards-";
    KibanaVersion version;
    if (text.starts_with(opensearch)) {
        version.is_opensearch = true;
        text.remove_prefix(opensearch.size());
    } else if (text.starts_with(kibana)) {
        text.remove_prefix(kibana.size());
    } else {
        return std::nullopt;
    }
    const auto numbers = parse_version_numbers(text, 3);
    if (!numbers) {
        return std::nullopt;
    }
    version.major = (*numbers)[0];
    version.minor = (*numbers)[1];
    version.patch = (*numbers)[2];
    return version;
}

std::int64_t KibanaState::window_end_ms() const {
    const std::int64_t passed = std::max<std::int64_t>(0, now_ms - started_ms);
    return started_ms + passed / ops_interval_ms * ops_interval_ms;
}

std::int64_t KibanaState::requests_until(std::int64_t end_ms) const {
    const auto begin = std::ranges::upper_bound(request_times_ms, end_ms - ops_interval_ms);
    const auto end = std::ranges::upper_bound(request_times_ms, end_ms);
    return end - begin;
}

}  // namespace caretaker::sandbox

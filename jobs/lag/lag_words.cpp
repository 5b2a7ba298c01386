// SPDX-License-Identifier: Apache-2.0
// Counts and names in running text.
#include "jobs/lag/lag_words.hpp"

#include "common/text/number.hpp"

#include <fmt/format.h>

namespace caretaker {

std::string format_count(std::int64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", format_number(count, true), noun, count == 1 ? "" : "s");
}

std::string format_partition(const ClusterLag& cluster, std::uint32_t place) {
    return fmt::format(
        "{}/{}", cluster.topic_name(place), cluster.facts.logs.partition(place).partition);
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/text/edit_distance.hpp"

#include "common/text/ascii.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

std::size_t length_difference(std::string_view a, std::string_view b) {
    return a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // The matrix of all prefixes, of which a row needs only the two above it.
    std::vector<std::size_t> above_that(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(above_that, above);
        std::swap(above, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], above_that[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::optional<std::string_view> nearest_name(std::string_view name,
                                             std::span<const std::string_view> candidates) {
    const std::string wanted = ascii_lower(name);
    std::size_t limit = std::clamp<std::size_t>(name.size() / 3, 1, 3);
    std::optional<std::string_view> nearest;
    for (const std::string_view candidate : candidates) {
        if (length_difference(candidate, wanted) > limit) {
            continue;
        }
        const std::size_t distance = edit_distance(wanted, ascii_lower(candidate));
        // A name of one or two letters is not a typo of an altogether different one.
        const bool all_changed = distance >= std::max(name.size(), candidate.size());
        if (distance <= limit && !all_changed) {
            nearest = candidate;
            if (distance == 0) {
                break;
            }
            limit = distance - 1;
        }
    }
    return nearest;
}

}  // namespace caretaker

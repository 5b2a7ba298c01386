// SPDX-License-Identifier: Apache-2.0
// What documents told more than once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

namespace caretaker {

/// Sorts items by `id`; of those with the same one the last stays. Takes four bytes an item beside
/// them, for there may be a million.
template <typename Item>
void keep_last_of_each_id(std::vector<Item>& items) {
    std::vector<std::uint32_t> order(items.size());  // by place, the item that belongs there
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        return std::tie(items[a].id, b) < std::tie(items[b].id, a);
    });
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        std::uint32_t place = i;
        while (order[place] != i) {  // around the cycle that `i` is in
            const std::uint32_t next = order[place];
            std::swap(items[place], items[next]);
            order[place] = place;
            place = next;
        }
        order[place] = place;
    }
    const auto repeated = std::unique(
        items.begin(), items.end(), [](const Item& a, const Item& b) { return a.id == b.id; });
    items.erase(repeated, items.end());
}

}  // namespace caretaker

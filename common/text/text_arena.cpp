// SPDX-License-Identifier: Apache-2.0
#include "common/text/text_arena.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

std::string_view TextArena::keep_pair(std::string_view first, std::string_view second) {
    constexpr std::size_t block_size = 32UL << 10U;
    const std::size_t size = first.size() + second.size();
    if (size == 0) {
        return {};
    }
    if (size > left_) {
        left_ = std::max(size, block_size);
        std::vector<char> block(left_);
        free_ = block.data();
        blocks_.emplace(free_, std::move(block));
    }
    char* const start = free_;
    free_ = std::ranges::copy(second, std::ranges::copy(first, start).out).out;
    left_ -= size;
    return {start, size};
}

std::string_view TextArena::keep_once(std::string_view text) {
    if (const auto known = known_.find(text); known != known_.end()) {
        return *known;
    }
    return *known_.insert(keep(text)).first;
}

bool TextArena::holds(std::string_view text) const {
    const auto block = blocks_.lower_bound(text.data());
    if (block == blocks_.end()) {
        return false;
    }
    const auto start = static_cast<std::size_t>(text.data() - block->first);
    return start + text.size() <= block->second.size();
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Very many short names in little memory.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace caretaker {

/// Keeps names, each ended by a zero byte, in blocks that never move.
class NameArena {
 public:
    /// Where the name stands. Throws std::length_error when 4 GiB are full.
    std::uint32_t add(std::string_view name) {
        const std::size_t size = name.size() + 1;
        if (size > block_size) {
            throw std::length_error("a name is too long for its arena");
        }
        if (blocks_.empty() || used_ + size > block_size) {
            if (blocks_.size() == most_blocks) {
                throw std::length_error("the names of a tree take more than 4 GiB");
            }
            blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_size));
            used_ = 0;
        }
        char* const place = blocks_.back().get() + used_;
        name.copy(place, name.size());
        place[name.size()] = '\0';
        const std::size_t at = (blocks_.size() - 1) * block_size + used_;
        used_ += size;
        return static_cast<std::uint32_t>(at);
    }

    /// The name there, valid as long as the arena.
    [[nodiscard]] const char* at(std::uint32_t place) const {
        return blocks_[place / block_size].get() + place % block_size;
    }

 private:
    static constexpr std::size_t block_size = std::size_t{1} << 18U;
    static constexpr std::size_t most_blocks = std::size_t{1} << 14U;

    std::vector<std::unique_ptr<char[]>> blocks_{};
    std::size_t used_ = 0;
};

}  // namespace caretaker

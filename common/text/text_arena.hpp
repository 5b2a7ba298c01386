// SPDX-License-Identifier: Apache-2.0
// Hundreds of thousands of short texts at the cost of their bytes alone.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace caretaker {

/// Texts that stay where they are, and live as long as the arena: none of them goes alone.
class TextArena {
 public:
    TextArena() = default;
    TextArena(const TextArena&) = delete;
    TextArena& operator=(const TextArena&) = delete;
    ~TextArena() = default;

    /// A copy of `text`.
    std::string_view keep(std::string_view text) { return keep_pair(text, {}); }

    /// A copy of `first` and, directly behind it, one of `second`; the view is of both.
    std::string_view keep_pair(std::string_view first, std::string_view second);

    /// A copy of `text`; the same one each time that it comes again.
    std::string_view keep_once(std::string_view text);

    /// Whether the bytes of `text` lie in it.
    [[nodiscard]] bool holds(std::string_view text) const;

 private:
    std::map<const char*, std::vector<char>, std::greater<>> blocks_{};  // by where they begin
    char* free_ = nullptr;                                               // within the newest block
    std::size_t left_ = 0;  // bytes from there to its end
    std::unordered_set<std::string_view> known_{};
};

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
// Texts that occur again and again, kept once and named by a number.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace caretaker {

using NameId = std::uint32_t;

class NameTable {
 public:
    NameTable() = default;
    NameTable(NameTable&&) = default;

    /// The same names by the same numbers; the keys of `ids_` look into `names_`.
    NameTable(const NameTable& other) {
        for (const std::string& name : other.names_) {
            add(name);
        }
    }

    NameTable& operator=(NameTable&&) = default;
    NameTable& operator=(const NameTable&) = delete;
    ~NameTable() = default;

    /// The number of `name`; a new one is the next whole number from 0 on.
    NameId add(std::string_view name) {
        if (const auto known = ids_.find(name); known != ids_.end()) {
            return known->second;
        }
        const auto id = static_cast<NameId>(names_.size());
        ids_.emplace(names_.emplace_back(name), id);
        return id;
    }

    [[nodiscard]] std::optional<NameId> find(std::string_view name) const {
        const auto known = ids_.find(name);
        return known == ids_.end() ? std::nullopt : std::optional(known->second);
    }

    [[nodiscard]] const std::string& name(NameId id) const { return names_[id]; }

    [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
    std::deque<std::string> names_{};  // a deque never moves what the keys look at
    std::unordered_map<std::string_view, NameId> ids_{};
};

}  // namespace caretaker

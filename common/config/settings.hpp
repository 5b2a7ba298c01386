// SPDX-License-Identifier: Apache-2.0
// The effective configuration of a run: each key's value and where it came from.
#pragma once

#include "common/config/key_table.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace caretaker {

using TextMap = std::vector<std::pair<std::string, std::string>>;  // in the order written

/// text and choice: string; integer, duration (ms) and size (bytes): int64; boolean: bool.
using SettingValue =
    std::variant<std::string, std::vector<std::string>, TextMap, std::int64_t, bool>;

struct Setting {
    const KeySpec* spec = nullptr;
    std::string path{};
    SettingValue value{};
    std::string origin{};  // "default", "CARETAKER_STORE_PATH", "/etc/caretaker/caretaker.yml:3:9",
                           // "--store"
};

/// The values by full path. Asking for a path that no row of the key table covers, or by the wrong
/// type, is a programming error (std::logic_error).
class Settings {
 public:
    /// Sets or replaces a value.
    void set(Setting setting);

    /// The key's value where one was given or has a default, else null. The default of a target
    /// that is not configured has the row's own path, with its `*`.
    [[nodiscard]] const Setting* find(std::string_view path) const;

    [[nodiscard]] std::string text(std::string_view path) const;                // "" when none
    [[nodiscard]] std::vector<std::string> texts(std::string_view path) const;  // {} when none
    [[nodiscard]] TextMap map(std::string_view path) const;                     // {} when none
    [[nodiscard]] std::int64_t integer(std::string_view path) const;
    [[nodiscard]] bool flag(std::string_view path) const;
    [[nodiscard]] std::chrono::milliseconds duration(std::string_view path) const;
    [[nodiscard]] std::uint64_t bytes(std::string_view path) const;

    /// Names of the configured targets, in byte order.
    [[nodiscard]] std::vector<std::string> targets() const;

    /// Everything that has a value, by path in byte order: also the defaults of all configured
    /// services.
    [[nodiscard]] std::vector<const Setting*> all() const;

    /// 16 hex digits over all paths and values but secrets; the same settings give the same hash.
    [[nodiscard]] std::string hash() const;

 private:
    void add_default(const std::string& path);

    [[nodiscard]] const Setting* find_checked(std::string_view path,
                                              std::initializer_list<ValueType> types) const;

    std::map<std::string, Setting, std::less<>> settings_;
};

}  // namespace caretaker

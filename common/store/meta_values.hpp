// SPDX-License-Identifier: Apache-2.0
// What the store notes about itself: one text by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

class Database;

std::optional<std::string> fetch_meta(const Database& database, std::string_view key);

/// Text that is no number counts as 0.
std::optional<std::int64_t> fetch_meta_integer(const Database& database, std::string_view key);

/// Within the caller's transaction.
void save_meta(const Database& database, std::string_view key, std::string_view value);
void save_meta_integer(const Database& database, std::string_view key, std::int64_t value);

}  // namespace caretaker

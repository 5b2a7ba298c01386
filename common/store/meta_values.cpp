// SPDX-License-Identifier: Apache-2.0
#include "common/store/meta_values.hpp"

#include "common/store/database.hpp"

namespace caretaker {

std::optional<std::string> fetch_meta(const Database& database, std::string_view key) {
    Statement find = database.prepare("SELECT value FROM meta WHERE key = ?");
    return find.with(key).step() ? std::optional(find.text(0)) : std::nullopt;
}

std::optional<std::int64_t> fetch_meta_integer(const Database& database, std::string_view key) {
    Statement find = database.prepare("SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?");
    return find.with(key).step() ? std::optional(find.integer(0)) : std::nullopt;
}

void save_meta(const Database& database, std::string_view key, std::string_view value) {
    database.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)").with(key, value).run();
}

void save_meta_integer(const Database& database, std::string_view key, std::int64_t value) {
    save_meta(database, key, std::to_string(value));
}

}  // namespace caretaker

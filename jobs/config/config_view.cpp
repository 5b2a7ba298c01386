// SPDX-License-Identifier: Apache-2.0
#include "jobs/config/config_view.hpp"

#include "common/config/setting_value.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <variant>

namespace caretaker {

namespace {

/// "/etc/caretaker/caretaker.yml:3:9" → the file; empty for other origins.
std::string_view file_of(std::string_view origin) {
    for (int parts = 0; parts < 2; ++parts) {  // the column, then the line
        const std::size_t colon = origin.rfind(':');
        const bool has_number = colon != std::string_view::npos && colon + 1 < origin.size() &&
                                std::ranges::all_of(origin.substr(colon + 1),
                                                    [](char c) { return c >= '0' && c <= '9'; });
        if (!has_number) {
            return {};
        }
        origin = origin.substr(0, colon);
    }
    return origin;
}

}  // namespace

Table format_settings(const Settings& settings,
                      bool with_origin,
                      const std::optional<DerivedPath>& derived) {
    Table table{.columns = {{.key = "key", .heading = "KEY"},
                            {.key = "value", .heading = "VALUE"},
                            {.key = "origin",
                             .heading = "ORIGIN",
                             .shown = with_origin ? Shown::always : Shown::machine}}};
    for (const Setting* setting : settings.all()) {
        table.rows.push_back({setting->path, format_setting_value(*setting), setting->origin});
    }
    constexpr const char* store_path = "store.path";
    if (derived && settings.find(store_path) == nullptr) {
        const auto behind = std::ranges::find_if(table.rows, [&](const auto& row) {
            return std::get<std::string>(row.front()) > store_path;
        });
        table.rows.insert(behind, {std::string(store_path), derived->path, derived->origin});
    }
    return table;
}

SettingsCount count_settings(const Settings& settings) {
    std::set<std::string_view> files;
    SettingsCount count;
    for (const Setting* setting : settings.all()) {
        if (setting->origin == "default") {
            continue;
        }
        ++count.settings;
        if (const std::string_view file = file_of(setting->origin); !file.empty()) {
            files.insert(file);
        }
    }
    count.files = files.size();
    return count;
}

Table format_check(const SettingsCount& count) {
    return {.columns = {{.key = "result", .heading = "RESULT"},
                        {.key = "files", .heading = "FILES", .right = true},
                        {.key = "settings", .heading = "SETTINGS", .right = true}},
            .rows = {{std::string("ok"),
                      static_cast<std::int64_t>(count.files),
                      static_cast<std::int64_t>(count.settings)}}};
}

}  // namespace caretaker

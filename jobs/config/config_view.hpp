// SPDX-License-Identifier: Apache-2.0
// The effective settings as tables. Pure.
#pragma once

#include "common/base/table.hpp"
#include "common/config/settings.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace caretaker {

/// A path that no setting gives.
struct DerivedPath {
    std::string path{};
    std::string origin{};  // what it was taken from
};

/// One row a setting that has a value: KEY, VALUE as the environment would hold it but without
/// secrets, ORIGIN. Without `with_origin` the origin is in machine formats only. Where no setting
/// says where the store is, `derived` does, as one of them.
Table format_settings(const Settings& settings,
                      bool with_origin,
                      const std::optional<DerivedPath>& derived = {});

/// What the settings came from, defaults left out.
struct SettingsCount {
    std::size_t files = 0;     // that set at least one of them
    std::size_t settings = 0;  // given in any way

    friend bool operator==(const SettingsCount&, const SettingsCount&) = default;
};

SettingsCount count_settings(const Settings& settings);

/// One row: RESULT (ok), FILES, SETTINGS.
Table format_check(const SettingsCount& count);

}  // namespace caretaker

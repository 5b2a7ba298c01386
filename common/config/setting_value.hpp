// SPDX-License-Identifier: Apache-2.0
// Values of settings from one text, as the environment and flags give them, and back.
#pragma once

#include "common/config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

/// What reading gave: a value, or why not.
struct SettingValueResult {
    std::optional<SettingValue> value{};
    std::string error{};  // "'5' is no duration; write …": without the key's name
};

/// Reads the value of a key. Lists are separated by commas; maps are name=value pairs separated by
/// commas; in both, a backslash keeps the next comma or backslash. Booleans are true or false.
SettingValueResult parse_setting_value(const KeySpec& spec, std::string_view text);

/// As parse_setting_value(), for one element of a list or one value of a map.
SettingValueResult parse_setting_element(const KeySpec& spec, std::string_view text);

/// The value as parse_setting_value() reads it, but for secrets: `***` stands for the value of a
/// secret key, for map values whose name looks secret, and for userinfo in URLs.
std::string format_setting_value(const Setting& setting);

/// Whether format_setting_value() hides anything of it.
bool holds_secret(const Setting& setting);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/config/settings.hpp"

#include "common/config/setting_value.hpp"
#include "common/text/stable_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace caretaker {

namespace {

constexpr std::string_view default_origin = "default";

using DefaultMap = std::map<std::string_view, Setting>;

/// The defaults of all rows, by the rows' own paths.
const DefaultMap& defaults() {
    static const DefaultMap table = [] {
        DefaultMap result;
        for (const KeySpec& spec : key_table()) {
            if (spec.fallback.empty()) {
                continue;
            }
            auto parsed = parse_setting_value(spec, spec.fallback);
            if (!parsed.value) {
                throw std::logic_error(
                    fmt::format("the default of {}: {}", spec.path, parsed.error));
            }
            result.emplace(
                spec.path,
                Setting{&spec, std::string(spec.path), *parsed.value, std::string(default_origin)});
        }
        return result;
    }();
    return table;
}

const Setting* find_default(const KeySpec& spec) {
    const auto found = defaults().find(spec.path);
    return found == defaults().end() ? nullptr : &found->second;
}

const KeySpec& checked_key(std::string_view path) {
    const KeySpec* spec = find_key(path);
    if (spec == nullptr) {
        throw std::logic_error(fmt::format("no setting is called '{}'", path));
    }
    return *spec;
}

bool holds_type(const SettingValue& value, ValueType type) {
    switch (type) {
        case ValueType::text:
        case ValueType::choice:
            return std::holds_alternative<std::string>(value);
        case ValueType::text_list:
            return std::holds_alternative<std::vector<std::string>>(value);
        case ValueType::text_map:
            return std::holds_alternative<TextMap>(value);
        case ValueType::boolean:
            return std::holds_alternative<bool>(value);
        case ValueType::integer:
        case ValueType::duration:
        case ValueType::size:
            break;
    }
    return std::holds_alternative<std::int64_t>(value);
}

/// "targets.prod.kafka.properties" → "targets.prod.kafka": where the keys stand that have a name of
/// the user's choice above them; empty for all others.
std::string_view named_section_of(const Setting& setting) {
    const bool named = setting.spec->path.find(".*.") != std::string_view::npos;
    const std::string_view path = setting.path;
    return named ? path.substr(0, path.rfind('.')) : std::string_view{};
}

std::string_view name_behind(std::string_view prefix, std::string_view path) {
    const std::string_view rest = path.substr(prefix.size());
    return rest.substr(0, rest.find('.'));
}

}  // namespace

void Settings::set(Setting setting) {
    setting.spec = &checked_key(setting.path);
    if (!holds_type(setting.value, setting.spec->type)) {
        throw std::logic_error(fmt::format("the value of '{}' is not of its type", setting.path));
    }
    const std::string section(named_section_of(setting));
    const std::string path = setting.path;
    settings_.insert_or_assign(path, std::move(setting));
    if (section.empty()) {
        return;
    }
    // A service or rule that is mentioned has all its defaults, so that all() shows them under its
    // own name.
    for (const std::string_view name : section_names(section)) {
        const std::string key = fmt::format("{}.{}", section, name);
        if (find_key(key) != nullptr) {  // else a section within it
            add_default(key);
        }
    }
}

void Settings::add_default(const std::string& path) {
    if (const Setting* fallback = find_default(checked_key(path))) {
        Setting setting = *fallback;
        setting.path = path;
        settings_.try_emplace(path, std::move(setting));
    }
}

const Setting* Settings::find(std::string_view path) const {
    const KeySpec& spec = checked_key(path);
    const auto found = settings_.find(path);
    return found == settings_.end() ? find_default(spec) : &found->second;
}

const Setting* Settings::find_checked(std::string_view path,
                                      std::initializer_list<ValueType> types) const {
    const ValueType type = checked_key(path).type;
    if (std::ranges::find(types, type) == types.end()) {
        throw std::logic_error(
            fmt::format("the setting '{}' is of type {}", path, to_string(type)));
    }
    return find(path);
}

std::string Settings::text(std::string_view path) const {
    const Setting* setting = find_checked(path, {ValueType::text, ValueType::choice});
    return setting == nullptr ? std::string{} : std::get<std::string>(setting->value);
}

std::vector<std::string> Settings::texts(std::string_view path) const {
    const Setting* setting = find_checked(path, {ValueType::text_list});
    return setting == nullptr ? std::vector<std::string>{}
                              : std::get<std::vector<std::string>>(setting->value);
}

TextMap Settings::map(std::string_view path) const {
    const Setting* setting = find_checked(path, {ValueType::text_map});
    return setting == nullptr ? TextMap{} : std::get<TextMap>(setting->value);
}

// Numbers, flags, durations and sizes all have defaults; a test of the key table sees to that.

std::int64_t Settings::integer(std::string_view path) const {
    return std::get<std::int64_t>(find_checked(path, {ValueType::integer})->value);
}

bool Settings::flag(std::string_view path) const {
    return std::get<bool>(find_checked(path, {ValueType::boolean})->value);
}

std::chrono::milliseconds Settings::duration(std::string_view path) const {
    return std::chrono::milliseconds(
        std::get<std::int64_t>(find_checked(path, {ValueType::duration})->value));
}

std::uint64_t Settings::bytes(std::string_view path) const {
    return static_cast<std::uint64_t>(
        std::get<std::int64_t>(find_checked(path, {ValueType::size})->value));
}

std::vector<std::string> Settings::targets() const {
    constexpr std::string_view prefix = "targets.";
    std::vector<std::string> names;
    for (auto it = settings_.lower_bound(prefix);
         it != settings_.end() && it->first.starts_with(prefix);
         ++it) {
        const std::string_view name = name_behind(prefix, it->first);
        if (names.empty() || names.back() != name) {
            names.emplace_back(name);
        }
    }
    // "a-b.…" stands before "a.…" in the map, although "a" comes before "a-b".
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::vector<const Setting*> Settings::all() const {
    std::vector<const Setting*> result;
    for (const auto& [path, setting] : settings_) {
        result.push_back(&setting);
    }
    for (const auto& [path, setting] : defaults()) {
        if (path.find(".*.") == std::string_view::npos && !settings_.contains(path)) {
            result.push_back(&setting);
        }
    }
    std::ranges::sort(
        result, {}, [](const Setting* setting) -> const std::string& { return setting->path; });
    return result;
}

std::string Settings::hash() const {
    std::string text;
    for (const Setting* setting : all()) {
        if (!setting->spec->secret) {
            text += fmt::format("{}\x1F{}\x1E", setting->path, format_setting_value(*setting));
        }
    }
    return hex16(stable_hash(text));
}

}  // namespace caretaker

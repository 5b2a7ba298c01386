// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/checked_options.hpp"

#include <algorithm>

namespace caretaker {

const CuratorValue* CheckedOptions::find(std::string_view name) const {
    const auto found = std::ranges::find(entries_, name, &Entry::name);
    return found == entries_.end() ? nullptr : &found->value;
}

bool CheckedOptions::is_given(std::string_view name) const {
    const auto found = std::ranges::find(entries_, name, &Entry::name);
    return found != entries_.end() && found->given;
}

bool CheckedOptions::flag(std::string_view name) const {
    const CuratorValue* value = find(name);
    return value != nullptr && value->flag;
}

std::int64_t CheckedOptions::integer(std::string_view name) const {
    const CuratorValue* value = find(name);
    return value == nullptr ? 0 : value->integer;
}

double CheckedOptions::real(std::string_view name) const {
    const CuratorValue* value = find(name);
    return value == nullptr ? 0 : value->real;
}

std::string CheckedOptions::text(std::string_view name) const {
    const CuratorValue* value = find(name);
    return value == nullptr ? std::string() : value->text;
}

std::vector<std::string> CheckedOptions::texts(std::string_view name) const {
    std::vector<std::string> texts;
    if (const CuratorValue* value = find(name)) {
        for (const CuratorValue& child : value->children) {
            texts.push_back(child.text);
        }
        if (value->type != CuratorType::list) {
            texts.push_back(value->text);
        }
    }
    return texts;
}

TextPosition CheckedOptions::position(std::string_view name) const {
    const CuratorValue* value = find(name);
    return value == nullptr ? TextPosition{} : value->at;
}

}  // namespace caretaker

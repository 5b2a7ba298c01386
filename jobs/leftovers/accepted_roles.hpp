// SPDX-License-Identifier: Apache-2.0
// Resources of which roles an app takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace caretaker {

/// acceptedResourceRoles, in the words of Marathon's --accepted_resource_roles_default_behavior;
/// `none` where they name neither the app's own role nor *.
enum class AcceptedRoles : std::uint8_t { any, unreserved, reserved, none };

/// Of "any", "unreserved" and "reserved"; nothing for another word.
constexpr std::optional<AcceptedRoles> parse_accepted_roles(std::string_view word) {
    if (word == "any") {
        return AcceptedRoles::any;
    }
    if (word == "unreserved") {
        return AcceptedRoles::unreserved;
    }
    return word == "reserved" ? std::optional(AcceptedRoles::reserved) : std::nullopt;
}

}  // namespace caretaker

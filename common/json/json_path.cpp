// SPDX-License-Identifier: Apache-2.0
#include "common/json/json_path.hpp"

#include "common/text/utf8.hpp"

#include <fmt/format.h>

namespace caretaker {

void append_json_name(std::string& path, std::string_view name) {
    constexpr std::size_t longest = 80;
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (!name.empty() && name.size() <= longest &&
        name.find_first_not_of(plain) == std::string_view::npos) {
        path += fmt::format(".{}", name);
    } else if (name.size() <= longest) {
        path += fmt::format("['{}']", name);
    } else {
        path += fmt::format("['{}…']", to_valid_utf8(name.substr(0, longest)));
    }
}

void append_json_index(std::string& path, std::size_t index) {
    path += fmt::format("[{}]", index);
}

}  // namespace caretaker

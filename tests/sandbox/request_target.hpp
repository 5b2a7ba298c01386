// SPDX-License-Identifier: Apache-2.0
// What a request asks for: the path and the query of its first line, taken apart.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

/// %XX as bytes; a % without two digits stands for itself.
std::string percent_decode(std::string_view text);

/// The non-empty pieces between separators.
std::vector<std::string_view> split_text(std::string_view text, char separator);

struct RequestTarget {
    std::string path{};  // as it was sent, without the query
    std::string query{};
    std::vector<std::string> segments{};  // of the path, decoded, empty ones left out
    std::vector<std::pair<std::string, std::string>> parameters{};  // decoded, in order

    /// The first parameter of that name; empty when there is none.
    [[nodiscard]] std::string_view parameter(std::string_view name) const;

    /// All of them.
    [[nodiscard]] std::vector<std::string_view> parameters_named(std::string_view name) const;

    [[nodiscard]] bool has_parameter(std::string_view name) const;
};

/// Reads "/path?query", and what of an absolute URL follows the host.
RequestTarget parse_request_target(std::string_view url);

/// The pairs of a form or a query, decoded; "+" is a blank.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text);

}  // namespace caretaker::sandbox

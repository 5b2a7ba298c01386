// SPDX-License-Identifier: Apache-2.0
#include "common/json/json_reading.hpp"

#include "common/text/utf8.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>

#include <algorithm>

namespace caretaker {

namespace {

/// The beginning of `near`, fit for a line of a log.
std::string excerpt(std::string_view near) {
    std::string text = to_valid_utf8(near.substr(0, 40));
    std::ranges::replace_if(
        text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }, ' ');
    return text;
}

}  // namespace

JsonError describe_json_error(rapidjson::ParseErrorCode code,
                              std::size_t offset,
                              std::string_view near,
                              std::string_view what,
                              std::string_view advice) {
    if (near.empty()) {
        return {JsonFault::syntax,
                fmt::format("{}: the JSON ends too early, at byte {}; {}",
                            what,
                            offset,
                            advice.empty() ? "try again" : advice)};
    }
    std::string_view reason = rapidjson::GetParseError_En(code);
    reason = reason.substr(0, reason.find_last_not_of('.') + 1);
    return {JsonFault::syntax,
            fmt::format("{}: no JSON at byte {}: {}: '{}'; {}",
                        what,
                        offset,
                        reason,
                        excerpt(near),
                        advice.empty() ? "is it the right address?" : advice)};
}

JsonError describe_json_depth(std::size_t offset, std::string_view what, std::string_view advice) {
    return {JsonFault::depth,
            fmt::format(
                "{}: the JSON is nested deeper than {} levels, at byte {}; {}",
                what,
                max_json_depth,
                offset,
                advice.empty() ? "no known service answers so: is it the right address?" : advice)};
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/filter_decisions.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

std::optional<ListAge> FilterDecisions::age_or_drop(const AgeReader& reader, std::uint32_t index) {
    ListAge age = reader.read(facts(index));
    if (age.seconds) {
        return age;
    }
    if (age.is_odd) {
        result_.warnings.push_back(
            fmt::format("{} is left alone: {}", facts(index).name, age.origin));
        if (!result_.undated) {
            result_.undated = fmt::format("{}: {}", facts(index).name, age.origin);
        }
    }
    drop(index, [&] { return age.origin; });
    return std::nullopt;
}

FilteredList FilterDecisions::finish() {
    std::ranges::sort(result_.indices);
    return std::move(result_);
}

Regex compile_checked(const std::string& expression) {
    RegexResult result = Regex::compile(expression);
    if (!result.regex) {
        throw UsageError(
            fmt::format("'{}' is no regular expression: {}", expression, result.error));
    }
    return std::move(*result.regex);
}

}  // namespace caretaker

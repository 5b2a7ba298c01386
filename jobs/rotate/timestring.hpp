// SPDX-License-Identifier: Apache-2.0
// Dates in the names of indices: the strftime forms of action files. All times are UTC.
#pragma once

#include "common/text/regex.hpp"
#include "jobs/rotate/date_codes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

struct TimestringResult;

/// A form such as "%Y.%m.%d", with the codes Y G y m W U V d H M S j. As in Curator, '.' and '-'
/// stand for themselves, other characters are taken as they are into a regular expression, and a
/// `%` before anything else is dropped.
class Timestring {
 public:
    static TimestringResult compile(std::string_view form);

    /// What a name says.
    struct Found {
        std::string_view text{};            // the part that was read
        std::optional<UnixSeconds> time{};  // none: it looks like a date and is none (month 13)
    };

    /// The leftmost part of `name` that fits, wherever it stands. Throws RegexLimitError.
    [[nodiscard]] std::optional<Found> find(std::string_view name) const;

    /// Why no date can ever come of this form; empty when one can.
    [[nodiscard]] std::string date_error() const;

 private:
    Timestring(std::string form, Regex regex);

    std::string form_;
    Regex regex_;
};

struct TimestringResult {
    std::optional<Timestring> timestring{};
    std::string error{};  // empty when there is one
};

/// The regular expression of a form, not anchored: "\d{4}\.\d{2}" of "%Y.%m".
std::string timestring_expression(std::string_view form);

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "common/metrics/statsd_dialect.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace caretaker {

namespace {

struct Form {
    std::string_view word{};
    std::string_view before{};    // the first tag
    char assign = '=';            // between key and value
    char between = ',';           // two tags
    std::string_view behind{};    // the last tag
    bool after_the_type = false;  // else directly after the name
};

/// In the order of the enumeration.
constexpr std::array<Form, 6> forms{{
    {.word = "none"},
    {.word = "graphite", .before = ";", .between = ';'},
    {.word = "influx", .before = ","},
    {.word = "dogstatsd", .before = "|#", .assign = ':', .after_the_type = true},
    {.word = "librato", .before = "#"},
    {.word = "signalfx", .before = "[", .behind = "]"},
}};

const Form& form_of(StatsdDialect dialect) {
    return forms.at(static_cast<std::size_t>(dialect));
}

}  // namespace

StatsdDialect parse_statsd_dialect(std::string_view word) {
    for (std::size_t i = 0; i < forms.size(); ++i) {
        if (forms.at(i).word == word) {
            return static_cast<StatsdDialect>(i);
        }
    }
    throw std::logic_error(fmt::format("no StatsD dialect is called '{}'", word));
}

std::string_view kept_in_tag_values(StatsdDialect dialect) {
    return dialect == StatsdDialect::dogstatsd ? "./" : "";
}

StatsdName format_statsd_name(StatsdDialect dialect,
                              std::string_view name,
                              std::span<const StatsdTag> tags) {
    StatsdName out{.front = std::string(name), .end = {}};
    if (dialect == StatsdDialect::none || tags.empty()) {
        return out;
    }
    const Form& form = form_of(dialect);
    std::string text(form.before);
    for (std::size_t i = 0; i < tags.size(); ++i) {
        if (i > 0) {
            text += form.between;
        }
        text += tags[i].first;
        text += form.assign;
        text += tags[i].second;
    }
    text += form.behind;
    (form.after_the_type ? out.end : out.front) += text;
    return out;
}

}  // namespace caretaker

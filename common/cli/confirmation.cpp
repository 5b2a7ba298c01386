// SPDX-License-Identifier: Apache-2.0
#include "common/cli/confirmation.hpp"

#include "common/base/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace caretaker {

namespace {

constexpr std::size_t most_rows = 100;

bool needs_name(const ActionList& actions) {
    return actions.size() > typed_name_from;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return text;
}

}  // namespace

std::string format_question(const ActionList& actions,
                            std::string_view target,
                            const TableStyle& style) {
    Table table{.columns = {{.key = "action", .heading = "ACTION"},
                            {.key = "subject", .heading = "SUBJECT"},
                            {.key = "reason", .heading = "REASON"}}};
    for (std::size_t i = 0; i < std::min(actions.size(), most_rows); ++i) {
        table.rows.push_back({std::string(actions.kind(i)),
                              std::string(actions.subject(i)),
                              std::string(actions.reason(i))});
    }
    std::string out = render_table(table, style);
    if (actions.size() > most_rows) {
        out += fmt::format("... and {} more; --dry-run shows all of them\n",
                           actions.size() - most_rows);
    }
    if (needs_name(actions)) {
        return out + fmt::format(
                         "\nThese are {} actions on {}. To do them, type the name of the "
                         "target: ",
                         actions.size(),
                         target);
    }
    return out + fmt::format("\nDo {} on {}? [y/N] ",
                             actions.size() == 1 ? "this action"
                                                 : fmt::format("these {} actions", actions.size()),
                             target);
}

bool is_consent(std::string_view answer, const ActionList& actions, std::string_view target) {
    const std::string_view word = trimmed(answer);
    return needs_name(actions) ? word == target : word == "y" || word == "yes";
}

}  // namespace caretaker

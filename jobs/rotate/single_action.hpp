// SPDX-License-Identifier: Apache-2.0
// One action given by the command line alone, as Curator's second program curator_cli has it.
#pragma once

#include "common/options/command_options.hpp"
#include "jobs/rotate/action_file.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// What is listed instead of changed.
enum class ListedKind : std::uint8_t { nothing, indices, snapshots };

/// "delete-indices" and the like: the names of the forms.
std::span<const std::string_view> single_action_names();

/// The forms of the command, one for each action, with the options of action files as they are
/// called there.
class SingleActions {
 public:
    void describe(CommandOptions& command);

    /// Whether one of them was named; known once the command line is parsed.
    [[nodiscard]] bool is_given() const;

    /// What the one that was named shows; an action shows nothing.
    [[nodiscard]] ListedKind listed() const;

    /// Throws UsageError for what is wrong with the options of the one that was named, be it a list
    /// of filters that is no JSON; not for what is wrong within such a list.
    void check_options() const;

    /// The one that was named, checked as an action file is. Throws UsageError for what is wrong.
    [[nodiscard]] ActionFile read() const;

    /// What `export` and the like are told apart by: the action as it would stand in a file.
    [[nodiscard]] std::string text() const;

 private:
    struct Value {
        std::string_view key{};
        OptionType type = OptionType::text;
        std::optional<std::string> text{};
        std::optional<bool> flag{};
        std::vector<std::string> list{};
    };

    struct Form {
        ActionType type{};
        ListedKind listed = ListedKind::nothing;
        std::string_view name{};
        CommandOptions command{};
        std::deque<Value> values{};  // never moved: options are bound to them
    };

    void describe_form(Form& form);
    [[nodiscard]] const Form* given() const;
    [[nodiscard]] ActionFile read_unchecked() const;

    std::deque<Form> forms_{};
    bool without_effect_ = false;
};

}  // namespace caretaker

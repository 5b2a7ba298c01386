// SPDX-License-Identifier: Apache-2.0
#include "common/options/command_options.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace caretaker {

namespace {

bool is_argument(std::string_view names) {
    return !names.starts_with('-');
}

void apply(const OptionForm& form, CLI::App& app, CLI::Option& option) {
    if (!form.type.empty()) {
        option.type_name(std::string(form.type));
    }
    if (!form.group.empty() || form.hidden) {
        option.group(form.hidden ? "" : std::string(form.group));
    }
    if (form.check) {
        option.check(form.check);
    }
    if (!form.choices.empty()) {
        option.check(CLI::IsMember(form.choices));
    }
    option.required(form.required);
    if (form.shows_default) {
        option.capture_default_str();
    }
    if (!form.excludes.empty()) {
        option.excludes(app.get_option(std::string(form.excludes)));
    }
}

template <typename Value>
CLI::Option& add_value(CLI::App& app,
                       std::string_view names,
                       Value& value,
                       std::string_view help,
                       const OptionForm& form) {
    CLI::Option& option = *app.add_option(std::string(names), value, std::string(help));
    apply(form, app, option);
    return option;
}

}  // namespace

void CommandOptions::add(std::string_view names,
                         std::string& value,
                         std::string_view help,
                         const OptionForm& form) {
    add_value(*app_, names, value, help, form);
}

void CommandOptions::add(std::string_view names,
                         std::int64_t& value,
                         std::string_view help,
                         const OptionForm& form) {
    add_value(*app_, names, value, help, form);
}

void CommandOptions::add(std::string_view names,
                         std::optional<std::int64_t>& value,
                         std::string_view help,
                         const OptionForm& form) {
    add_value(*app_, names, value, help, form);
}

void CommandOptions::add(std::string_view names,
                         double& value,
                         std::string_view help,
                         const OptionForm& form) {
    add_value(*app_, names, value, help, form);
}

void CommandOptions::add(std::string_view names,
                         std::optional<double>& value,
                         std::string_view help,
                         const OptionForm& form) {
    add_value(*app_, names, value, help, form);
}

void CommandOptions::add(std::string_view names,
                         std::vector<std::string>& values,
                         std::string_view help,
                         const OptionForm& form) {
    CLI::Option& option = add_value(*app_, names, values, help, form);
    if (!is_argument(names)) {
        option.allow_extra_args(false);
    }
}

void CommandOptions::add_reader(std::string_view names,
                                std::function<std::string(const std::string&)> read,
                                std::string_view help,
                                const OptionForm& form) {
    const std::string first(names.substr(0, names.find(',')));
    const auto take = [first, read = std::move(read)](const std::string& text) {
        const std::string wrong = read(text);
        if (!wrong.empty()) {
            throw CLI::ValidationError(first, wrong);
        }
    };
    apply(form,
          *app_,
          *app_->add_option_function<std::string>(std::string(names), take, std::string(help)));
}

void CommandOptions::add_flag(std::string_view names,
                              bool& value,
                              std::string_view help,
                              const OptionForm& form) {
    apply(form, *app_, *app_->add_flag(std::string(names), value, std::string(help)));
}

void CommandOptions::add_flag(std::string_view names,
                              std::optional<bool>& value,
                              std::string_view help,
                              const OptionForm& form) {
    const auto take = [&value](std::int64_t count) { value = count > 0; };
    apply(form, *app_, *app_->add_flag_function(std::string(names), take, std::string(help)));
}

CommandOptions CommandOptions::add_form(std::string_view name, std::string_view summary) {
    if (app_->get_require_subcommand_max() == 0) {
        app_->require_subcommand(0, 1);
    }
    CLI::App* form = app_->add_subcommand(std::string(name), std::string(summary));
    form->group("Forms");  // else it would have the group and the examples of its command
    form->footer("Options of every command: see caretaker --help\n");
    return CommandOptions(*form);
}

CommandOptions CommandOptions::add_hidden_form(std::string_view name, std::string_view summary) {
    CommandOptions form = add_form(name, summary);
    form.app_->group("");
    return form;
}

void CommandOptions::require_form() {
    app_->require_subcommand(1);
}

bool CommandOptions::is_given() const {
    return app_ != nullptr && app_->parsed();
}

}  // namespace caretaker

// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/single_action.hpp"

#include "common/base/error.hpp"
#include "common/json/json_copy.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/output/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace caretaker {

namespace {

struct FormSpec {
    ActionType type{};  // of what only shows, the action whose filters it takes
    std::string_view name{};
    const char* summary = "";
    ListedKind listed = ListedKind::nothing;
};

constexpr std::array form_specs{
    FormSpec{ActionType::alias, "alias", "Add an alias to indices, or remove it"},
    FormSpec{ActionType::allocation, "allocation", "Require, include or exclude nodes of indices"},
    FormSpec{ActionType::close, "close", "Close indices"},
    FormSpec{ActionType::delete_indices, "delete-indices", "Delete indices"},
    FormSpec{ActionType::delete_snapshots, "delete-snapshots", "Delete snapshots"},
    FormSpec{ActionType::forcemerge, "forcemerge", "Merge the segments of indices"},
    FormSpec{ActionType::open, "open", "Open indices"},
    FormSpec{ActionType::replicas, "replicas", "Set the number of replicas"},
    FormSpec{ActionType::restore, "restore", "Bring indices back from a snapshot"},
    FormSpec{ActionType::rollover, "rollover", "Roll an alias over"},
    FormSpec{ActionType::shrink, "shrink", "Make indices of fewer shards"},
    FormSpec{ActionType::snapshot, "snapshot", "Take a snapshot"},
    FormSpec{ActionType::open,
             "show-indices",
             "Show the indices that filters leave",
             ListedKind::indices},
    FormSpec{ActionType::delete_snapshots,
             "show-snapshots",
             "Show the snapshots that filters leave",
             ListedKind::snapshots},
};

constexpr auto names = [] {
    std::array<std::string_view, form_specs.size()> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
        all.at(i) = form_specs.at(i).name;
    }
    return all;
}();

// Options that are no options of the action in its file.
constexpr std::string_view filter_list = "filter_list";
constexpr std::array<std::string_view, 3> conditions{"max_age", "max_docs", "max_size"};

/// "--filter_list,--filter-list"; of a flag also its opposite.
std::string option_names(std::string_view key, bool is_flag) {
    std::string dashed(key);
    std::ranges::replace(dashed, '_', '-');
    std::string all = fmt::format("--{}", key);
    if (dashed != key) {
        all += fmt::format(",--{}", dashed);
    }
    if (is_flag) {
        all += fmt::format(",!--no-{}", key);
    }
    return all;
}

std::string_view placeholder(OptionType type) {
    switch (type) {
        case OptionType::map:
        case OptionType::any:
            return "JSON";
        case OptionType::integer:
        case OptionType::real:
            return "N";
        default:
            return "TEXT";
    }
}

/// These are about a file of several actions.
bool is_for_files(std::string_view key) {
    return key == "continue_if_exception" || key == "disable_action";
}

/// Of no use to what only shows.
bool is_about_changes(std::string_view key) {
    return key == "retry_interval" || key == "retry_count" || key == "timeout_override" ||
           key == "ignore_empty_list";
}

/// The value of an option of JSON, written anew: what YAML cannot read is gone.
std::string checked_json(std::string_view key, const std::string& text) {
    // Caught to say which option it is, with the code of a wrong command line.
    try {
        const JsonDocument document = JsonDocument::parse(text, fmt::format("--{}", key));
        JsonWriter json;
        copy_json(document.root(), json);
        return std::string(json.text());
    } catch (const JsonError& error) {
        throw UsageError(error.what());
    }
}

std::string in_quotes(std::string_view text) {
    JsonWriter json;
    json.value(text);
    return std::string(json.text());
}

/// One filter alone, or a list of them.
std::string filter_object(const std::string& json) {
    return json.starts_with('[') ? fmt::format(R"({{"filters":{}}})", json)
                                 : fmt::format(R"({{"filters":[{}]}})", json);
}

void fail_for(std::span<const ConfigProblem> problems, std::string_view form) {
    std::string all;
    for (const ConfigProblem& problem : problems) {
        all += fmt::format("{}{}", all.empty() ? "" : "; ", problem.message);
    }
    if (!all.empty()) {
        throw UsageError(fmt::format("{}: {}", form, all));
    }
}

}  // namespace

std::span<const std::string_view> single_action_names() {
    return names;
}

void SingleActions::describe(CommandOptions& command) {
    for (const FormSpec& spec : form_specs) {
        Form& form = forms_.emplace_back();
        form.type = spec.type;
        form.listed = spec.listed;
        form.name = spec.name;
        form.command = command.add_form(spec.name, spec.summary);
        describe_form(form);
    }
}

void SingleActions::describe_form(Form& form) {
    const auto add = [&](std::string_view key, OptionType type, std::string_view help) {
        Value& value = form.values.emplace_back();
        value.key = key;
        value.type = type;
        const std::string all = option_names(key, type == OptionType::flag);
        if (type == OptionType::flag) {
            form.command.add_flag(all, value.flag, help);
        } else if (type == OptionType::texts) {
            form.command.add(all, value.list, help, {.type = "TEXT"});
        } else {
            form.command.add_reader(all,
                                    [&value](const std::string& text) {
                                        value.text = text;
                                        return std::string();
                                    },
                                    help,
                                    {.type = placeholder(type)});
        }
    };
    if (form.listed == ListedKind::indices) {
        for (const char* name : {"--header", "--epoch"}) {
            form.command.add_flag(name, without_effect_, "Taken, and of no effect");
        }
    }
    if (form.type == ActionType::alias) {
        add("add", OptionType::any, "Filters, as JSON, of the indices that get the alias");
        add("remove", OptionType::any, "Filters, as JSON, of the indices that lose it");
    } else if (filter_form(form.type) != FilterForm::none) {
        add(filter_list, OptionType::any, "A filter as JSON, or a list of filters");
    }
    for (const OptionSpec& option : action_options(form.type)) {
        if (is_for_files(option.name) ||
            (form.listed != ListedKind::nothing && is_about_changes(option.name))) {
            continue;
        }
        if (option.name == "conditions") {
            for (const std::string_view condition : conditions) {
                add(condition, OptionType::text, "When it is due");
            }
        } else if (form.type == ActionType::restore && option.name == "indices") {
            add("index", OptionType::texts, "An index of the snapshot; repeatable");
        } else {
            add(option.name, option.type, "As in action files");
        }
    }
}

const SingleActions::Form* SingleActions::given() const {
    const auto found =
        std::ranges::find_if(forms_, [](const Form& form) { return form.command.is_given(); });
    return found == forms_.end() ? nullptr : &*found;
}

ListedKind SingleActions::listed() const {
    const Form* form = given();
    return form == nullptr ? ListedKind::nothing : form->listed;
}

bool SingleActions::is_given() const {
    return given() != nullptr;
}

std::string SingleActions::text() const {
    const Form* form = given();
    if (form == nullptr) {
        return {};
    }
    std::string options;
    std::string due;
    std::string lists;
    const auto append = [](std::string& list, std::string_view key, const std::string& json) {
        list += fmt::format("{}{}:{}", list.empty() ? "" : ",", in_quotes(key), json);
    };
    for (const Value& value : form->values) {
        if (value.flag) {
            append(options, value.key, *value.flag ? "true" : "false");
        } else if (!value.list.empty()) {
            std::string all;
            for (const std::string& one : value.list) {
                all += (all.empty() ? "" : ",") + in_quotes(one);
            }
            append(options, value.key == "index" ? "indices" : value.key, fmt::format("[{}]", all));
        } else if (!value.text) {
            continue;
        } else if (value.key == filter_list) {
            const std::string object = filter_object(checked_json(value.key, *value.text));
            lists += "," + object.substr(1, object.size() - 2);
        } else if (form->type == ActionType::alias &&
                   (value.key == "add" || value.key == "remove")) {
            lists += fmt::format(",{}:{}",
                                 in_quotes(value.key),
                                 filter_object(checked_json(value.key, *value.text)));
        } else if (std::ranges::find(conditions, value.key) != conditions.end()) {
            append(due, value.key, in_quotes(*value.text));  // max_docs is read as a number
        } else if (value.type == OptionType::map || value.type == OptionType::any) {
            append(options, value.key, checked_json(value.key, *value.text));
        } else {
            append(options, value.key, in_quotes(*value.text));
        }
    }
    if (form->listed != ListedKind::nothing && lists.empty()) {
        lists = R"(,"filters":[{"filtertype":"none"}])";
    }
    if (form->type == ActionType::rollover) {
        append(options, "conditions", fmt::format("{{{}}}", due));
    }
    if (form->type == ActionType::shrink && options.find(R"("shrink_node")") == std::string::npos) {
        append(options, "shrink_node", R"("DETERMINISTIC")");
    }
    return fmt::format(R"({{"actions":{{"1":{{"action":"{}","options":{{{}}}{}}}}}}})",
                       to_string(form->type),
                       options,
                       lists);
}

ActionFile SingleActions::read_unchecked() const {
    return read_action_file(
        text(), given()->name, [](std::string_view) -> std::optional<std::string> {
            return std::nullopt;
        });
}

void SingleActions::check_options() const {
    ActionFile file = read_unchecked();
    const std::string json = text();
    // The lists of filters stand behind the options, and all in one line.
    std::size_t lists = json.size();
    for (const char* key : {R"(},"filters":)", R"(},"add":)", R"(},"remove":)"}) {
        lists = std::min(lists, json.find(key));
    }
    std::erase_if(file.problems, [&](const ConfigProblem& problem) {
        return problem.column > static_cast<int>(lists) + 1;
    });
    fail_for(file.problems, given()->name);
}

ActionFile SingleActions::read() const {
    ActionFile file = read_unchecked();
    fail_for(file.problems, given()->name);
    return file;
}

}  // namespace caretaker

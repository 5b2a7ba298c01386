// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/action_file.hpp"

#include "common/text/edit_distance.hpp"
#include "jobs/rotate/action_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

class FileReader {
 public:
    FileReader(std::string_view file, std::vector<ConfigProblem> problems)
        : file_(file), result_{.problems = std::move(problems)}, checker_(file, result_.problems) {}

    ActionFile read(const CuratorValue& root) {
        const CuratorValue* actions = find_actions(root);
        if (actions != nullptr) {
            for (const std::size_t i : running_order(*actions)) {
                if (auto action = read_action(actions->keys[i], actions->children[i])) {
                    result_.actions.push_back(std::move(*action));
                }
            }
        }
        std::ranges::stable_sort(result_.problems, {}, [](const ConfigProblem& problem) {
            return std::pair(problem.line, problem.column);
        });
        return std::move(result_);
    }

 private:
    const CuratorValue* find_actions(const CuratorValue& root) {
        if (root.type != CuratorType::map) {
            checker_.complain(root.at, "an action file is a map with the one key 'actions'");
            return nullptr;
        }
        for (const CuratorKey& key : root.keys) {
            if (key.text != "actions") {
                checker_.complain(
                    key.at,
                    fmt::format("unknown key '{}'; an action file has the one key 'actions'",
                                key.text));
            }
        }
        const CuratorValue* actions = root.find("actions");
        if (actions == nullptr || actions->type != CuratorType::map) {
            checker_.complain(actions == nullptr ? root.at : actions->at,
                              "'actions' must be a map of ids, 1, 2, …, and actions");
            return nullptr;
        }
        return actions;
    }

    /// Numbers by their value, words in byte order.
    std::vector<std::size_t> running_order(const CuratorValue& actions) {
        std::vector<std::size_t> order(actions.keys.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        const auto numbers = std::ranges::count_if(
            actions.keys, [](const CuratorKey& key) { return key.integer.has_value(); });
        if (numbers != 0 && static_cast<std::size_t>(numbers) != order.size()) {
            checker_.complain(actions.at,
                              "some ids are numbers and others are words, so they have no order; "
                              "take only numbers");
            return order;
        }
        std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
            const CuratorKey& one = actions.keys[a];
            const CuratorKey& other = actions.keys[b];
            return numbers > 0 ? *one.integer < *other.integer : one.text < other.text;
        });
        return order;
    }

    std::optional<ActionSpec> read_action(const CuratorKey& id, const CuratorValue& value) {
        const std::string owner = fmt::format("action {}", id.text);
        if (value.type != CuratorType::map) {
            checker_.complain(id.at, fmt::format("{} must be a map", owner));
            return std::nullopt;
        }
        const CuratorValue* word = value.find("action");
        if (word == nullptr || word->type != CuratorType::text) {
            checker_.complain(word == nullptr ? value.at : word->at,
                              fmt::format("{} needs the key 'action'", owner));
            return std::nullopt;
        }
        const auto known = action_names();
        const auto found = std::ranges::find(known, word->text);
        if (found == known.end()) {
            const auto near = nearest_name(word->text, known);
            checker_.complain(
                word->at,
                fmt::format("'{}' is no action; {}",
                            word->text,
                            near ? fmt::format("did you mean '{}'?", *near)
                                 : fmt::format("there are {}", fmt::join(known, ", "))));
            return std::nullopt;
        }
        ActionSpec action{.id = id.text,
                          .type = static_cast<ActionType>(found - known.begin()),
                          .at = id.at,
                          .file = std::string(file_)};
        check_keys(value, action);
        read_description(value, action);
        read_options(value, action);
        read_filter_lists(value, action);
        return action;
    }

    void check_keys(const CuratorValue& value, const ActionSpec& action) {
        constexpr std::array<std::string_view, 6> keys{
            "action", "description", "options", "filters", "add", "remove"};
        const FilterForm form = filter_form(action.type);
        for (const CuratorKey& key : value.keys) {
            const bool is_known = std::ranges::find(keys, key.text) != keys.end();
            const bool is_alias_key = key.text == "add" || key.text == "remove";
            if (!is_known) {
                const auto near = nearest_name(key.text, keys);
                checker_.complain(
                    key.at,
                    fmt::format("an action does not know the key '{}'{}",
                                key.text,
                                near ? fmt::format("; did you mean '{}'?", *near) : std::string()));
            } else if (is_alias_key && form != FilterForm::add_and_remove) {
                checker_.complain(key.at, fmt::format("'{}' is for the action alias", key.text));
            } else if (key.text == "filters" &&
                       (form == FilterForm::none || form == FilterForm::add_and_remove)) {
                checker_.complain(
                    key.at,
                    fmt::format("the action {} takes no filters{}",
                                to_string(action.type),
                                form == FilterForm::none
                                    ? ""
                                    : " of its own; they stand below add and remove"));
            }
        }
    }

    void read_description(const CuratorValue& value, ActionSpec& action) {
        const CuratorValue* text = value.find("description");
        if (text == nullptr || text->type == CuratorType::null) {
            return;
        }
        if (text->type == CuratorType::list || text->type == CuratorType::map) {
            checker_.complain(text->at, "description must be a text");
        } else {
            action.description = text->text;
        }
    }

    void read_options(const CuratorValue& value, ActionSpec& action) {
        const CuratorValue* options = value.find("options");
        if (options != nullptr && options->type != CuratorType::map) {
            checker_.complain(options->at, "options must be a map; leave the key out for defaults");
            return;
        }
        const std::vector<OptionSpec> specs = action_options(action.type);
        const TextPosition at = options == nullptr ? action.at : options->at;
        action.options = checker_.check(
            options, specs, {}, fmt::format("the action {}", to_string(action.type)), at);
        check_action_options(action.type, action.options, checker_);
    }

    void read_filter_lists(const CuratorValue& value, ActionSpec& action) {
        switch (filter_form(action.type)) {
            case FilterForm::none:
                break;
            case FilterForm::indices:
                action.filters = read_filters(value, action, ListKind::indices);
                read_remote_filters(action);
                break;
            case FilterForm::snapshots:
                action.filters = read_filters(value, action, ListKind::snapshots);
                break;
            case FilterForm::add_and_remove:
                action.has_add = read_half(value, "add", action, action.add);
                action.has_remove = read_half(value, "remove", action, action.remove);
                if (!action.has_add && !action.has_remove) {
                    checker_.complain(action.at, "the action alias needs add or remove, or both");
                }
                break;
        }
    }

    void read_remote_filters(ActionSpec& action) {
        const CuratorValue* list = action.options.find("remote_filters");
        if (list == nullptr) {
            return;
        }
        if (list->type != CuratorType::list) {
            checker_.complain(list->at, "remote_filters must be a list of filters");
            return;
        }
        action.remote_filters = read_list(*list, ListKind::indices);
    }

    bool read_half(const CuratorValue& value,
                   std::string_view name,
                   const ActionSpec& action,
                   std::vector<FilterSpec>& filters) {
        const CuratorValue* half = value.find(name);
        if (half == nullptr) {
            return false;
        }
        if (half->type != CuratorType::map) {
            checker_.complain(half->at, fmt::format("{} must be a map with 'filters'", name));
            return true;
        }
        for (const CuratorKey& key : half->keys) {
            if (key.text != "filters") {
                checker_.complain(key.at,
                                  fmt::format("{} does not know the key '{}'", name, key.text));
            }
        }
        filters = read_filters(*half, action, ListKind::indices);
        return true;
    }

    std::vector<FilterSpec> read_filters(const CuratorValue& owner,
                                         const ActionSpec& action,
                                         ListKind kind) {
        const CuratorValue* list = owner.find("filters");
        if (list == nullptr || list->type != CuratorType::list) {
            checker_.complain(
                list == nullptr ? action.at : list->at,
                fmt::format("action {} needs a list of filters; - filtertype: none takes all",
                            action.id));
            return {};
        }
        return read_list(*list, kind);
    }

    std::vector<FilterSpec> read_list(const CuratorValue& list, ListKind kind) {
        std::vector<FilterSpec> filters;
        for (std::size_t i = 0; i < list.children.size(); ++i) {
            if (auto filter = read_filter(list.children[i], kind, i + 1, checker_)) {
                filters.push_back(std::move(*filter));
            }
        }
        return filters;
    }

    std::string_view file_;
    ActionFile result_;
    OptionChecker checker_;
};

}  // namespace

ActionFile read_action_file(std::string_view text,
                            std::string_view file,
                            const VariableLookup& variables) {
    CuratorDocument document = read_curator_yaml(text, file, variables);
    if (!document.root) {
        return {.problems = std::move(document.problems)};
    }
    return FileReader(file, std::move(document.problems)).read(*document.root);
}

}  // namespace caretaker

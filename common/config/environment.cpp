// SPDX-License-Identifier: Apache-2.0
#include "common/config/environment.hpp"

#include "common/config/setting_value.hpp"
#include "common/config/target_name.hpp"
#include "common/config/variable_table.hpp"
#include "common/text/ascii.hpp"
#include "common/text/edit_distance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view prefix = "CARETAKER_";
constexpr std::string_view targets_prefix = "CARETAKER_TARGETS_";
constexpr std::string_view config_variable = "CARETAKER_CONFIG";
constexpr std::string_view targets_name = "targets";
constexpr std::string_view targets_section = "targets.*.";
constexpr std::string_view file_ending = "_FILE";
constexpr std::string_view test_prefix = "CARETAKER_TEST_";

using ReadFile = std::function<ValueFile(const std::string& path)>;

bool is_target_key(const KeySpec& spec) {
    return spec.path.starts_with(targets_section);
}

/// Rules stand in files alone: a variable could not tell their names from their keys.
bool has_variable(const KeySpec& spec) {
    return is_target_key(spec) || spec.path.find(".*.") == std::string_view::npos;
}

/// "targets.*.kafka.properties" → "_KAFKA_PROPERTIES", what follows the target's name in the
/// variable's.
std::string variable_ending(const KeySpec& spec) {
    const auto name = environment_name(spec.path.substr(targets_section.size()));
    return name.substr(prefix.size() - 1);
}

class EnvironmentReader {
 public:
    EnvironmentReader(std::span<const std::string> targets,
                      const ReadFile& read_file,
                      std::span<const ValueRule> rules)
        : targets_(targets), read_file_(read_file), rules_(rules) {}

    ParsedSettings read(const EnvironmentMap& environment) {
        find_collisions();
        for (auto it = environment.lower_bound(prefix);
             it != environment.end() && it->first.starts_with(prefix);
             ++it) {
            if (!it->second.empty() && !is_foreign(it->first)) {
                read_variable(it->first, it->second, environment);
            }
        }
        for (const VariableInfo& variable : own_variables()) {
            if (!variable.short_for.empty()) {
                compare_forms(variable, environment);
            }
        }
        return std::move(result_);
    }

 private:
    static bool is_foreign(std::string_view name) {
        return name.starts_with(test_prefix) ||
               std::ranges::any_of(own_variables(), [name](const VariableInfo& variable) {
                   return variable.name == name && variable.short_for.empty();
               });
    }

    /// `about` as in ConfigProblem.
    void add_problem(std::string_view variable, std::string about, std::string message) {
        result_.problems.push_back({.file = std::string(variable),
                                    .message = std::move(message),
                                    .about = std::move(about)});
    }

    void find_collisions() {
        for (std::size_t i = 0; i < targets_.size(); ++i) {
            for (std::size_t j = i + 1; j < targets_.size(); ++j) {
                if (environment_name(targets_[i]) == environment_name(targets_[j])) {
                    add_problem(fmt::format("{}{}_…", targets_prefix, variable_part(targets_[i])),
                                std::string(targets_name),
                                fmt::format("the targets '{}' and '{}' share the names of their "
                                            "variables; rename one",
                                            targets_[i],
                                            targets_[j]));
                }
            }
        }
    }

    /// "prod-eu" → "PROD_EU"
    static std::string variable_part(std::string_view target) {
        return environment_name(target).substr(prefix.size());
    }

    /// A key, and the path that a variable's name means.
    struct Meaning {
        const KeySpec* spec = nullptr;
        std::string target{};  // of keys below targets, else empty

        [[nodiscard]] std::string path() const {
            return target.empty()
                       ? std::string(spec->path)
                       : fmt::format(
                             "targets.{}.{}", target, spec->path.substr(targets_section.size()));
        }
    };

    static std::string_view value_of(const EnvironmentMap& environment, std::string_view name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string_view{} : std::string_view(found->second);
    }

    void read_variable(const std::string& name,
                       const std::string& value,
                       const EnvironmentMap& environment) {
        for (const VariableInfo& variable : own_variables()) {
            if (name == variable.name) {
                add_setting(name, value, {.spec = find_key(variable.short_for), .target = {}});
                return;
            }
        }
        if (const auto meaning = find_meaning(name)) {
            add_setting(name, value, *meaning);
            return;
        }
        if (name.ends_with(file_ending)) {
            const std::string direct = name.substr(0, name.size() - file_ending.size());
            if (const auto meaning = find_meaning(direct)) {
                read_from_file(name, value, direct, environment, *meaning);
                return;
            }
        }
        add_unknown_name(name);
    }

    void read_from_file(const std::string& name,
                        const std::string& file_name,
                        const std::string& direct,
                        const EnvironmentMap& environment,
                        const Meaning& meaning) {
        if (!value_of(environment, direct).empty()) {
            add_problem(
                name, meaning.path(), fmt::format("{} is set as well; set one of them", direct));
            return;
        }
        const ValueFile file = read_file_(file_name);
        if (!file.error.empty()) {
            add_problem(
                name, meaning.path(), fmt::format("{} cannot be used: {}", file_name, file.error));
            return;
        }
        add_setting(name, file.text, meaning);
    }

    [[nodiscard]] std::optional<Meaning> find_meaning(const std::string& name) const {
        for (const KeySpec& spec : key_table()) {
            if (!is_target_key(spec)) {
                if (has_variable(spec) && name == environment_name(spec.path)) {
                    return Meaning{.spec = &spec, .target = {}};
                }
                continue;
            }
            const std::string ending = variable_ending(spec);
            if (name.starts_with(targets_prefix) && name.ends_with(ending) &&
                name.size() > targets_prefix.size() + ending.size()) {
                const auto length = name.size() - targets_prefix.size() - ending.size();
                return Meaning{.spec = &spec,
                               .target = target_of(name.substr(targets_prefix.size(), length))};
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string target_of(const std::string& part) const {
        const auto known = std::ranges::find(targets_, part, variable_part);
        return known == targets_.end() ? ascii_lower(part) : *known;
    }

    void add_setting(const std::string& name, const std::string& value, const Meaning& meaning) {
        if (!meaning.target.empty() && !is_target_name(meaning.target)) {
            add_problem(
                name,
                std::string(targets_name),
                fmt::format("'{}' cannot name a target: {}", meaning.target, target_name_rule));
            return;
        }
        auto parsed = parse_setting_value(*meaning.spec, value);
        if (!parsed.value) {
            add_problem(name, meaning.path(), std::move(parsed.error));
            return;
        }
        for (ElementProblem& problem :
             find_element_problems(rules_, *meaning.spec, *parsed.value)) {
            result_.doubtful.push_back({.path = meaning.path(),
                                        .origin = name,
                                        .problem = {.file = name,
                                                    .message = std::move(problem.message),
                                                    .about = meaning.path()}});
        }
        result_.settings.push_back({meaning.spec, meaning.path(), std::move(*parsed.value), name});
    }

    void compare_forms(const VariableInfo& form, const EnvironmentMap& environment) {
        const std::string long_form = environment_name(form.short_for);
        const std::string_view shorter = value_of(environment, form.name);
        const std::string_view longer = value_of(environment, long_form);
        if (!shorter.empty() && !longer.empty() && shorter != longer) {
            add_problem(form.name,
                        std::string(form.short_for),
                        fmt::format("differs from {}, its long form; set one of them", long_form));
        }
    }

    void add_unknown_name(const std::string& name) {
        const bool of_target = name.starts_with(targets_prefix);
        const auto nearest =
            of_target ? nearest_target_variable(name) : nearest_plain_variable(name);
        if (nearest) {
            add_problem(name,
                        of_target ? std::string(targets_name) : meaning_of(*nearest),
                        fmt::format("no setting has this variable; did you mean {}?", *nearest));
        } else if (of_target) {
            add_problem(
                name,
                std::string(targets_name),
                fmt::format(
                    "no setting has this variable; it must read {}<NAME>_<SERVICE>_<KEY> with the "
                    "service {}",
                    targets_prefix,
                    ascii_upper(fmt::format("{}", fmt::join(section_names("targets.*"), ", ")))));
        } else {
            add_problem(name,
                        name,
                        "no setting has this variable; 'caretaker config show' lists the settings");
            result_.problems.back().stray = true;
        }
    }

    /// What a problem with that variable is about.
    [[nodiscard]] std::string meaning_of(const std::string& variable) const {
        if (variable == config_variable) {
            return {};  // a file that was not read may have said anything
        }
        const auto own = std::ranges::find(own_variables(), variable, &VariableInfo::name);
        if (own != own_variables().end()) {
            return std::string(own->short_for.empty() ? own->name : own->short_for);
        }
        const auto meaning = find_meaning(variable);
        return meaning ? meaning->path() : variable;
    }

    // Only the part that can differ is compared: a long common beginning would make strangers look
    // alike.

    static std::optional<std::string> nearest_plain_variable(std::string_view name) {
        std::vector<std::string> names;
        for (const VariableInfo& variable : own_variables()) {
            names.emplace_back(variable.name);
        }
        for (const KeySpec& spec : key_table()) {
            if (!is_target_key(spec) && has_variable(spec)) {
                names.push_back(environment_name(spec.path));
            }
        }
        return nearest_behind(prefix, name, names);
    }

    [[nodiscard]] std::optional<std::string> nearest_target_variable(std::string_view name) const {
        for (const std::string& part : possible_targets(name.substr(targets_prefix.size()))) {
            const std::string beginning = fmt::format("{}{}", targets_prefix, part);
            std::vector<std::string> names;
            for (const KeySpec& spec : key_table()) {
                if (is_target_key(spec)) {
                    names.push_back(beginning + variable_ending(spec));
                }
            }
            if (auto nearest = nearest_behind(beginning + "_", name, names)) {
                return nearest;
            }
        }
        return std::nullopt;
    }

    /// The nearest of `names`, which all begin with `beginning`, by what follows it.
    static std::optional<std::string> nearest_behind(std::string_view beginning,
                                                     std::string_view name,
                                                     const std::vector<std::string>& names) {
        if (!name.starts_with(beginning)) {
            return std::nullopt;
        }
        std::vector<std::string_view> rests;
        rests.reserve(names.size());
        for (const std::string_view candidate : names) {
            rests.push_back(candidate.substr(beginning.size()));
        }
        const auto nearest = nearest_name(name.substr(beginning.size()), rests);
        return nearest ? std::optional(fmt::format("{}{}", beginning, *nearest)) : std::nullopt;
    }

    /// What may be meant for the target at the front of `rest`: the known ones, and its first
    /// words.
    [[nodiscard]] std::vector<std::string> possible_targets(std::string_view rest) const {
        std::vector<std::string> parts;
        std::ranges::transform(targets_, std::back_inserter(parts), variable_part);
        constexpr std::size_t most_words = 4;
        std::size_t bar = rest.find('_');
        for (std::size_t words = 0; words < most_words && bar != std::string_view::npos; ++words) {
            parts.emplace_back(rest.substr(0, bar));
            bar = rest.find('_', bar + 1);
        }
        return parts;
    }

    std::span<const std::string> targets_;
    const ReadFile& read_file_;
    std::span<const ValueRule> rules_;
    ParsedSettings result_;
};

}  // namespace

ParsedSettings parse_environment(const EnvironmentMap& environment,
                                 std::span<const std::string> targets,
                                 const ReadFile& read_file,
                                 std::span<const ValueRule> rules) {
    return EnvironmentReader(targets, read_file, rules).read(environment);
}

}  // namespace caretaker

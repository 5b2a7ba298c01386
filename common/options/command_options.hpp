// SPDX-License-Identifier: Apache-2.0
// What a job asks of the command line: options, arguments and forms, bound to its own fields.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace caretaker {

/// How an option looks in help, and what its text has to be.
struct OptionForm {
    /// What stands for its value in help: HOST, N, group|topic.
    std::string_view type{};
    /// The heading above it in help.
    std::string_view group{};
    /// What is wrong with a text, as part of a sentence; empty when nothing is.
    std::function<std::string(const std::string&)> check{};
    /// The only texts that are taken; empty: any.
    std::vector<std::string> choices{};
    bool required = false;
    bool shows_default = false;
    bool hidden = false;
    /// An option added before, which cannot be given together with this one.
    std::string_view excludes{};
};

/// One command, or one form of it (`history show`). Names are written as they are typed, several
/// with commas between: "-n,--dry-run"; a name without dashes is an argument. What is added is
/// bound to the field given with it, which must outlive the parsing of the command line.
class CommandOptions {
 public:
    /// No command: nothing can be added, and it was not given.
    CommandOptions() = default;

    /// `app` is the command as the library for command lines knows it; it must outlive this.
    explicit CommandOptions(CLI::App& app) : app_(&app) {}

    void add(std::string_view names,
             std::string& value,
             std::string_view help,
             const OptionForm& form = {});
    void add(std::string_view names,
             std::int64_t& value,
             std::string_view help,
             const OptionForm& form = {});
    void add(std::string_view names,
             std::optional<std::int64_t>& value,
             std::string_view help,
             const OptionForm& form = {});
    void add(std::string_view names,
             double& value,
             std::string_view help,
             const OptionForm& form = {});
    void add(std::string_view names,
             std::optional<double>& value,
             std::string_view help,
             const OptionForm& form = {});

    /// An option that can be repeated, with one value each time, or an argument of several words.
    void add(std::string_view names,
             std::vector<std::string>& values,
             std::string_view help,
             const OptionForm& form = {});

    /// An option whose text `read` takes; what it returns is what is wrong with the text, as part
    /// of a sentence, or empty.
    void add_reader(std::string_view names,
                    std::function<std::string(const std::string&)> read,
                    std::string_view help,
                    const OptionForm& form = {});

    void add_flag(std::string_view names,
                  bool& value,
                  std::string_view help,
                  const OptionForm& form = {});

    /// "--verify,!--no-verify": true, false, or unset when neither was given.
    void add_flag(std::string_view names,
                  std::optional<bool>& value,
                  std::string_view help,
                  const OptionForm& form = {});

    /// A form of the command, called by its name: `judge` of `lag judge`.
    CommandOptions add_form(std::string_view name, std::string_view summary);

    /// As add_form(), left out of help, man pages and completion.
    CommandOptions add_hidden_form(std::string_view name, std::string_view summary);

    /// One of the forms must be named; otherwise none has to be, and one at most can be.
    void require_form();

    /// Whether this form was named on the command line; known once that is parsed.
    [[nodiscard]] bool is_given() const;

 private:
    CLI::App* app_ = nullptr;
};

}  // namespace caretaker

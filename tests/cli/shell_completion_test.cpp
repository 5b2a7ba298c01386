// SPDX-License-Identifier: Apache-2.0
// The completion scripts in the shells they are made for.
#include "common/cli/command_line.hpp"
#include "common/cli/command_tree_reader.hpp"
#include "jobs/registry.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/spawn.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// What bash does before it calls a completion function: it cuts the line at blanks, '=' and ':'.
constexpr const char* bash_driver = R"script(
line=$1
source script.bash
complete -p caretaker >/dev/null || exit 1
COMP_LINE=$line COMP_POINT=${#line} COMP_WORDS=()
word=
for ((i = 0; i < ${#line}; i++)); do
    c=${line:i:1}
    case $c in
        ' ') [[ -z $word ]] || COMP_WORDS+=("$word"); word= ;;
        [=:]) if [[ -n $word && $word != [=:] ]]; then COMP_WORDS+=("$word"); word=; fi; word+=$c ;;
        *) if [[ $word == [=:] ]]; then COMP_WORDS+=("$word"); word=; fi; word+=$c ;;
    esac
done
COMP_WORDS+=("$word")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_caretaker caretaker "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
)script";

class ShellCompletion : public ::testing::Test {
 protected:
    ShellCompletion() {
        fs::create_directories(temp_.path() / "bin");
        fs::create_symlink(CARETAKER_BINARY, temp_.path() / "bin/caretaker");
    }

    [[nodiscard]] Finished run(Words argv, const std::string& config = "caretaker.yml") const {
        return run_command({
            .argv = std::move(argv),
            .environment = {{"PATH", (temp_.path() / "bin").string() + ":/usr/bin:/bin"},
                            {"HOME", temp_.path().string()},
                            {"CARETAKER_STORE", temp_.file("caretaker.db")},
                            {"CARETAKER_CONFIG", temp_.file(config)},
                            {"LC_ALL", "C.UTF-8"}},
            .inherit_environment = false,
            .directory = temp_.path().string(),
        });
    }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(temp_.file(name)) << text;
    }

    /// Writes the script of `shell` to script.SHELL. The configuration may be broken.
    void write_script(const std::string& shell) const {
        const Finished script = run({CARETAKER_BINARY, "completion", shell}, "missing.yml");
        ASSERT_EQ(script.status.code, 0) << script.err;
        ASSERT_EQ(script.err, "");
        write("script." + shell, script.out);
    }

    static Words lines(const std::string& text) {
        std::istringstream in(text);
        Words out;
        for (std::string line; std::getline(in, line);) {
            out.push_back(line.substr(0, line.find('\t')));  // fish: then the description
        }
        std::ranges::sort(out);
        return out;
    }

    /// What is proposed at the end of `line`, sorted. Nothing may come on standard error.
    [[nodiscard]] Words bash(const std::string& line) const {
        const Finished answer = run({"bash", "-c", bash_driver, "bash", line});
        EXPECT_EQ(answer.err, "") << line;
        EXPECT_EQ(answer.status.code, 0) << line;
        return lines(answer.out);
    }

    [[nodiscard]] Words fish(const std::string& line) const {
        const Finished answer =
            run({"fish", "--no-config", "-c", "source script.fish; complete -C $argv[1]", line});
        EXPECT_EQ(answer.err, "") << line;
        return lines(answer.out);
    }

    TempDir temp_;
};

void for_each(const CommandHelp& command, const std::function<void(const CommandHelp&)>& visit) {
    visit(command);
    for (const CommandHelp& sub : command.commands) {
        for_each(sub, visit);
    }
}

CommandHelp program() {
    return read_command_tree(*parse_command_line(registry(), {"--help"}).app, registry());
}

TEST_F(ShellCompletion, OfBashKnowsEveryCommandAndOption) {
    write_script("bash");
    for_each(program(), [this](const CommandHelp& command) {
        const Words proposed = bash(command.path + " ");
        for (const CommandHelp& sub : command.commands) {
            EXPECT_EQ(std::ranges::count(proposed, sub.name), 1) << command.path << ' ' << sub.name;
        }
        const Words options = bash(command.path + " -");
        for (const OptionHelp& option : command.options) {
            for (const std::string& name : option.names) {
                EXPECT_EQ(std::ranges::count(options, name), option.is_argument ? 0 : 1)
                    << command.path << ' ' << name;
            }
        }
        EXPECT_EQ(std::ranges::count(options, "--target"), 1) << command.path;
    });
}

TEST_F(ShellCompletion, OfBashFollowsTheLine) {
    write_script("bash");
    EXPECT_EQ(bash("caretaker hi"), Words{"history"});
    EXPECT_EQ(bash("caretaker help hi"), Words{"history"});
    EXPECT_EQ(bash("caretaker -o json -q history sh"), Words{"show"});
    EXPECT_EQ(bash("caretaker lag --by "),
              (Words{"group", "member", "partition", "state", "topic"}));
    EXPECT_EQ(bash("caretaker lag --by=p"), Words{"partition"});
    EXPECT_EQ(bash("caretaker lag --group history --by t"), Words{"topic"})
        << "a value is no command";
    EXPECT_EQ(bash("caretaker history -o js"), (Words{"json", "jsonl"}));
    EXPECT_EQ(bash("caretaker lag --group "), Words{}) << "nobody knows";
    EXPECT_EQ(bash("caretaker nonsense "), bash("caretaker nonsense  "));
}

TEST_F(ShellCompletion, OfBashAsksForJobsTargetsAndRuns) {
    write_script("bash");
    write("caretaker.yml",
          "targets: {prod-eu: {kafka: {bootstrap_servers: [k:9092]}}, prod-us: {kafka: "
          "{bootstrap_servers: [k:9092]}}, test: {kafka: {bootstrap_servers: [k:9092]}}}\n");
    write("other.yml", "targets: {elsewhere: {kafka: {bootstrap_servers: [k:9092]}}}\n");
    ASSERT_EQ(
        run({CARETAKER_BINARY, "lag", "--bootstrap-server", "127.0.0.1:1", "--target", "test"})
            .status.code,
        7);

    EXPECT_EQ(bash("caretaker lag --target pr"), (Words{"prod-eu", "prod-us"}));
    EXPECT_EQ(bash("caretaker --target=te"), Words{"test"});
    EXPECT_EQ(bash("caretaker --config other.yml lag --target "), Words{"elsewhere"});
    EXPECT_EQ(bash("caretaker history --job "),
              (Words{"cleanup", "kibana", "lag", "leftovers", "rotate"}))
        << "only jobs have runs";
    const Words runs = bash("caretaker history show ");
    EXPECT_EQ(runs.size(), 4) << "last, last:lag, last-ok:lag and the id";
    EXPECT_EQ(bash("caretaker history show last:"), Words{"lag"})
        << "readline adds what is behind ':'";
    EXPECT_EQ(bash("caretaker history show last-"), Words{"last-ok:lag"});
}

TEST_F(ShellCompletion, OfBashCompletesFiles) {
    write_script("bash");
    write("one.properties", "");
    fs::create_directory(temp_.path() / "one.d");
    EXPECT_EQ(bash("caretaker lag --properties one"), (Words{"one.d", "one.properties"}));
    EXPECT_EQ(bash("caretaker man --out=one"), Words{"one.d"});
}

TEST_F(ShellCompletion, IsSilentWhereConfigurationOrStoreIsBroken) {
    write_script("bash");
    write("caretaker.yml", "targets: [broken\n");
    write("caretaker.db", "this is no database, and long enough to be taken for one by its size");
    EXPECT_EQ(bash("caretaker lag --target "), Words{});
    EXPECT_EQ(bash("caretaker history show "), Words{});
    EXPECT_EQ(bash("caretaker la"), Words{"lag"});
    write("caretaker.yml", "");
    EXPECT_EQ(bash("caretaker lag --target "), Words{}) << "an empty list is no empty word";
    EXPECT_EQ(bash("caretaker history show "), Words{});
}

TEST_F(ShellCompletion, OfFishFollowsTheLine) {
    if (!find_program("fish")) {
        GTEST_SKIP() << "NOT TESTED: fish is not here";
    }
    write_script("fish");
    write("caretaker.yml",
          "targets: {prod: {kafka: {bootstrap_servers: [k:9092]}}, test: {kafka: "
          "{bootstrap_servers: [k:9092]}}}\n");
    EXPECT_EQ(run({"fish", "--no-config", "--no-execute", "script.fish"}).err, "");
    EXPECT_EQ(fish("caretaker hi"), Words{"history"});
    EXPECT_EQ(fish("caretaker -o json history sh"), Words{"show"});
    EXPECT_EQ(fish("caretaker lag --by "),
              (Words{"group", "member", "partition", "state", "topic"}));
    EXPECT_EQ(fish("caretaker lag --target "), (Words{"prod", "test"}));
    EXPECT_EQ(fish("caretaker history --job "),
              (Words{"cleanup", "kibana", "lag", "leftovers", "rotate"}));
    for_each(program(), [this](const CommandHelp& command) {
        const Words proposed = fish(command.path + " ");
        for (const CommandHelp& sub : command.commands) {
            EXPECT_EQ(std::ranges::count(proposed, sub.name), 1) << command.path << ' ' << sub.name;
        }
    });
}

/// zsh completes only at a terminal; zpty gives it one. The answer of a menu is a listing.
constexpr const char* zsh_driver = R"script(
zmodload zsh/zpty
zpty -b z 'TERM=dumb PS1= COLUMNS=200 zsh -f -i'
zpty -w z 'fpath=($PWD/zfunc $fpath); autoload -Uz compinit; compinit -u -D'
zpty -w z 'zstyle ":completion:*" list-separator "#"; unsetopt list_beep prompt_cr prompt_sp; LISTMAX=0'
zpty -w z 'echo RE''ADY'
zpty -r -m z text '*READY*'
zpty -w -n z "$1"$'\t\t'
zpty -w -n z $'\C-a\C-kecho EN""D\n'
zpty -r -m z text '*END*'
print -r -- "$text"
zpty -d z
)script";

TEST_F(ShellCompletion, OfZshFollowsTheLine) {
    if (!find_program("zsh")) {
        GTEST_SKIP() << "NOT TESTED: zsh is not here";
    }
    write_script("zsh");
    const Finished parsed = run({"zsh", "-n", "script.zsh"});
    EXPECT_EQ(parsed.err, "");
    EXPECT_EQ(parsed.status.code, 0);
    fs::create_directory(temp_.path() / "zfunc");
    fs::copy_file(temp_.file("script.zsh"), temp_.file("zfunc/_caretaker"));
    write("caretaker.yml",
          "targets: {prod: {kafka: {bootstrap_servers: [k:9092]}}, test: {kafka: "
          "{bootstrap_servers: [k:9092]}}}\n");
    const auto listed = [this](const std::string& line) {
        return run({"zsh", "-f", "-c", zsh_driver, "zsh", line}).out;
    };
    EXPECT_NE(listed("caretaker ").find("Show what past runs did"), std::string::npos);
    EXPECT_NE(listed("caretaker lag --target ").find("prod  test"), std::string::npos);
    EXPECT_NE(listed("caretaker history sh").find("show"), std::string::npos);
}

}  // namespace
}  // namespace caretaker::testing
